import FoundationEssentials

/// Compact JSON text, with sorted keys and no needless escapes.
enum JSONText {
    static func text(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Encoding fails only for non-finite numbers, which JSON cannot have produced.
        return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}
