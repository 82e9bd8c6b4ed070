// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TextFormats

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The value of the header `Date` (RFC 9110, section 6.6.1), which is formatted once a second.
///
/// A class, because all connections share the text.
final class DateHeader: Sendable {
    private let cached = Mutex((second: Int.min, text: ""))

    /// The current date.
    var value: String {
        let now = Date()
        let second = Int(now.timeIntervalSince1970)
        return self.cached.withLock { cached in
            if cached.second != second { cached = (second, now.httpDate) }
            return cached.text
        }
    }
}
