// SPDX-License-Identifier: Apache-2.0

import JSONOutput
import StrictJSON

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension JSON {
    /// Decodes a response of the REST API.
    ///
    /// A message can contain any text, so U+0000 and long sequences of combining marks are accepted.
    static func inbox<Value: Decodable>(_ type: Value.Type, _ bytes: some Collection<UInt8>) throws -> Value {
        let rules = JSONRules(duplicates: .rejected, allowsNUL: true, maximumMarks: nil)
        return try JSON(parsing: bytes, rules: rules)
            .decode(type) { type, text in
                type == Date.self ? Date(rfc3339: text) : nil
            }
    }
}
