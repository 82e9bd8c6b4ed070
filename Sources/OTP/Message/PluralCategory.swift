// SPDX-License-Identifier: Apache-2.0

/// The plural category of a count in a language, as defined by Unicode's CLDR.
///
/// CLDR defines exactly these six categories, so no cases will be added.
public enum PluralCategory: String, Sendable, Hashable, CaseIterable {
    /// The form for 0, and in Latvian also for other counts, such as 10.
    case zero
    /// The singular form.
    case one
    /// The dual form.
    case two
    /// The form for small counts, such as 2 to 4 in Slavic languages.
    case few
    /// The form for larger counts, such as 5 in Polish and 11 in Arabic.
    case many
    /// The form for counts in no other category. Languages without grammatical number have only this form.
    case other

    /// Creates the category of a whole number.
    ///
    /// - Parameters:
    ///   - count: The number, 0 or more.
    ///   - language: The language subtag in lower case. For an unknown language, only the count 1 has its own category.
    init(of count: Int, in language: String) {
        self =
            switch language {
            case "id", "ja", "jv", "km", "ko", "lo", "ms", "my", "su", "th", "vi", "wo", "yo", "zh": .other
            case "ru", "uk", "be": Self.eastSlavic(count)
            case "sr", "hr", "bs": Self.eastSlavic(count) == .many ? .other : Self.eastSlavic(count)
            case "pl": count == 1 ? .one : Self.eastSlavic(count) == .few ? .few : .many
            case "cs", "sk": count == 1 ? .one : (2...4).contains(count) ? .few : .other
            case "sl": Self.slovenian(count)
            case "lt": Self.lithuanian(count)
            case "lv": Self.latvian(count)
            case "ro", "mo": count == 1 ? .one : count == 0 || (1...19).contains(count % 100) ? .few : .other
            case "ar": Self.arabic(count)
            case "he", "iw": count == 1 ? .one : count == 2 ? .two : .other
            case "ga": Self.irish(count)
            case "is", "mk": count % 10 == 1 && count % 100 != 11 ? .one : .other
            case "fil", "tl": [4, 6, 9].contains(count % 10) ? .other : .one
            default: count == 1 ? .one : .other
            }
    }

    private static func eastSlavic(_ count: Int) -> Self {
        if count % 10 == 1, count % 100 != 11 { return .one }
        return (2...4).contains(count % 10) && !(12...14).contains(count % 100) ? .few : .many
    }

    private static func slovenian(_ count: Int) -> Self {
        switch count % 100 {
        case 1: .one
        case 2: .two
        case 3, 4: .few
        default: .other
        }
    }

    private static func lithuanian(_ count: Int) -> Self {
        if (11...19).contains(count % 100) || count % 10 == 0 { return .other }
        return count % 10 == 1 ? .one : .few
    }

    private static func latvian(_ count: Int) -> Self {
        if (11...19).contains(count % 100) || count % 10 == 0 { return .zero }
        return count % 10 == 1 ? .one : .other
    }

    private static func arabic(_ count: Int) -> Self {
        switch (count, count % 100) {
        case (0, _): .zero
        case (1, _): .one
        case (2, _): .two
        case (_, 3...10): .few
        case (_, 11...99): .many
        default: .other
        }
    }

    private static func irish(_ count: Int) -> Self {
        switch count {
        case 1: .one
        case 2: .two
        case 3...6: .few
        case 7...10: .many
        default: .other
        }
    }
}
