// SPDX-License-Identifier: Apache-2.0

import TextFormats

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Date {
    /// The UTC offset of the account's time zone, in seconds.
    ///
    /// The account's daily limits are reset at midnight in this time zone.
    static let accountZone = 8 * 3600

    /// The date in RFC 5322 format in the account's time zone, such as `Mon, 24 Dec 2018 16:58:22 +0800`.
    var mailDate: String { "\(self.mailDateWithoutZone(secondsFromGMT: Self.accountZone)) +0800" }
}
