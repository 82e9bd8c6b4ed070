import Foundation

/// Base64 with the alphabet for URLs and without padding (RFC 4648 section 5).
package enum Base64URL {
    /// Encodes bytes.
    package static func encode(_ bytes: [UInt8]) -> String {
        String(
            Data(bytes).base64EncodedString()
                .compactMap { character in
                    switch character {
                    case "+": "-"
                    case "/": "_"
                    case "=": nil
                    default: character
                    }
                }
        )
    }

    /// Decodes text; `nil` unless it is exactly what ``encode(_:)`` gives.
    package static func decode(_ text: some StringProtocol) -> [UInt8]? {
        guard text.utf8.count <= 4096 else { return nil }
        let standard = text.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }
        let padding = String(repeating: "=", count: (4 - standard.count % 4) % 4)
        guard let data = Data(base64Encoded: String(standard) + padding) else { return nil }
        let bytes = Array(data)
        return self.encode(bytes) == text ? bytes : nil
    }
}
