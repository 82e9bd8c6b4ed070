// SPDX-License-Identifier: Apache-2.0

import JSONOutput

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Compact JSON text, with sorted keys and no needless escapes.
enum JSONText {
    static func text(_ value: some Encodable) -> String {
        // Encoding fails only for non-finite numbers, which JSON cannot have produced.
        return (try? JSONEncoder.compact.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}
