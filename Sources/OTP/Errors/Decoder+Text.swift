// SPDX-License-Identifier: Apache-2.0

extension Decoder {
    /// Decodes a text, and parses it.
    ///
    /// - Throws: `DecodingError` with the parser's message if the text is invalid.
    func decodeText<Value>(_ parse: (String) throws(OTPError) -> Value) throws -> Value {
        let container = try self.singleValueContainer()
        let text = try container.decode(String.self)
        do {
            return try parse(text)
        } catch {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: error.message)
        }
    }
}
