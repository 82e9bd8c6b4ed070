/// A language that verification messages are written in.
public struct MessageLocale: Sendable, Hashable, CustomStringConvertible {
    /// The BCP 47 language tag, such as `zh-Hans`.
    public let rawValue: String

    private init(_ rawValue: String) {
        self.rawValue = rawValue
    }

    /// English.
    public static var english: Self { Self("en") }
    /// Chinese in simplified characters.
    public static var simplifiedChinese: Self { Self("zh-Hans") }

    /// Every language that there is a text in.
    public static var all: [Self] { [.english, .simplifiedChinese] }

    /// Finds the language that serves a language tag, or gives `nil` if there is none.
    ///
    /// Traditional Chinese, by script or by region, is not served by simplified Chinese.
    ///
    /// - Parameter languageTag: A BCP 47 language tag in any case, such as `zh-CN`, `zh-Hans-SG` or `en-GB`.
    public init?(matching languageTag: String) {
        guard languageTag.utf8.count <= 64 else { return nil }
        let subtags = languageTag.lowercased().split(separator: "-", omittingEmptySubsequences: false)
        guard subtags.allSatisfy({ (1...8).contains($0.utf8.count) && $0.utf8.allSatisfy(Self.isAlphanumeric) }) else {
            return nil
        }
        // What follows a single character is an extension and says nothing of script or region.
        let plain = subtags.prefix { $0.utf8.count > 1 }
        switch plain.first {
        case "en":
            self = .english
        case "zh":
            let isSimplified = plain.contains("hans")
            let isTraditional = plain.contains { ["hant", "tw", "hk", "mo"].contains($0) }
            guard isSimplified || !isTraditional else { return nil }
            self = .simplifiedChinese
        default:
            return nil
        }
    }

    /// The language tag.
    public var description: String { self.rawValue }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
