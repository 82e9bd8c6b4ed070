// SPDX-License-Identifier: Apache-2.0

import JSONOutput

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Encodes values as compact JSON with sorted keys and no unnecessary escapes.
enum JSONText {
    static func text(_ value: some Encodable) -> String {
        // Encoding fails only for infinite or NaN numbers, and no caller passes such numbers.
        return (try? JSONEncoder.compact.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}
