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
        // Encoding fails only for non-finite numbers, which cannot come from JSON.
        return (try? JSONEncoder.compact.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}
