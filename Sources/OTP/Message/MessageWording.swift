// SPDX-License-Identifier: Apache-2.0

public import SMSKit

/// The wording of a verification message in one language.
///
/// ```swift
/// let swedish = try MessageWording(
///     MessageLocale(languageTag: "sv")!,
///     texts: ["{brand}: {code} är din kod för att {action}. Giltig i {validity}. Dela den aldrig."],
///     actions: [.signIn: "logga in"],
///     otherAction: "bekräfta din begäran",
///     minutes: [.one: "1 minut", .other: "{minutes} minuter"],
///     regions: [Region("SE")!]
/// )
/// ```
public struct MessageWording: Sendable, Hashable {
    /// The language of the wording.
    public let locale: MessageLocale

    /// The texts of the message, ordered from the most complete to the shortest.
    let texts: [MessagePattern]

    /// The words for the validity of the code, such as `5 minutes`, keyed by plural category.
    let minutes: [PluralCategory: MessagePattern]

    /// The words for the action, keyed by purpose.
    let actions: [OTPPurpose: String]

    /// The words for the action of a purpose that is not in ``actions``.
    ///
    /// Messages never contain the name of a purpose.
    let otherAction: String

    /// The regions whose default language is this language.
    let regions: [String]

    /// Creates and checks a wording.
    ///
    /// | placeholder | value |
    /// |---|---|
    /// | `{brand}` | the name of the sender |
    /// | `{code}` | the code |
    /// | `{action}` | the words in `actions` or `otherAction` |
    /// | `{validity}` | the words in `minutes` |
    /// | `{minutes}` | the number of minutes |
    ///
    /// The first text that fits into the maximum number of segments is sent. Every text should ask users never to share the
    /// code. Omitted arguments are taken from the built-in wording of the language, if there is one.
    ///
    /// - Parameters:
    ///   - locale: The language of the wording.
    ///   - texts: The texts of the message, from the most complete to the shortest. Each text is one line, and contains
    ///     `{brand}` once, `{code}` once, and `{validity}` or `{minutes}`.
    ///   - actions: The words for `{action}`, keyed by purpose. They are added to the built-in words.
    ///   - otherAction: The words for `{action}` if no words for the purpose exist. They are required if a text contains
    ///     `{action}`.
    ///   - minutes: The words for `{validity}`, keyed by plural category. The category `.other` is required.
    ///   - regions: The regions whose default language is this language. By default, these are the regions of the built-in
    ///     wording with the same language tag. Without such a wording, the default is the region in the language tag.
    /// - Throws: ``MessageTemplateError`` with the code `invalidWording`, the language and the reason.
    public init(
        _ locale: MessageLocale,
        texts: [String]? = nil,
        actions: [OTPPurpose: String] = [:],
        otherAction: String? = nil,
        minutes: [PluralCategory: String]? = nil,
        regions: [Region]? = nil
    ) throws(MessageTemplateError) {
        let builtIn = Self.builtIn(serving: locale)
        self.locale = locale
        self.regions = regions?.map(\.code) ?? Self.regions(of: locale)
        do throws(MessagePattern.Malformed) {
            self.texts = try texts.map(Self.texts) ?? builtIn?.texts ?? []
            self.minutes = try minutes.map(Self.minutes) ?? builtIn?.minutes ?? [:]
            let own = try Self.actions(actions)
            self.actions = (builtIn?.actions ?? [:]).merging(own) { _, own in own }
            self.otherAction = try otherAction.map(Self.action) ?? builtIn?.otherAction ?? ""
        } catch {
            throw MessageTemplateError(.invalidWording, error.reason, locale: locale, subject: .wording)
        }
        if let reason = self.reasonAgainst {
            throw MessageTemplateError(.invalidWording, reason, locale: locale, subject: .wording)
        }
    }

    /// Creates a built-in wording.
    ///
    /// A malformed text is a programming error that the tests find.
    init(
        builtIn locale: MessageLocale,
        _ texts: [String],
        actions: [OTPPurpose: String],
        otherAction: String,
        minutes: [PluralCategory: String] = [.other: "{minutes}"],
        regions: String = ""
    ) {
        self.locale = locale
        do {
            self.texts = try texts.map { try Self.text($0) }
            self.minutes = try Self.minutes(minutes)
        } catch {
            preconditionFailure("the built-in text of \(locale) is malformed: \(error)")
        }
        self.actions = actions
        self.otherAction = otherAction
        self.regions = regions.split(separator: " ").map(String.init)
    }

    /// Returns the words for the action of a purpose, or ``otherAction`` if the purpose is `nil` or has no words.
    func action(for purpose: OTPPurpose?) -> String {
        purpose.flatMap { self.actions[$0] } ?? self.otherAction
    }

    /// Returns the words for a number of minutes.
    func validity(_ minutes: Int) -> String {
        let language = String(Substring(self.locale.rawValue.utf8.prefix { $0 != UInt8(ascii: "-") }))
        let form = self.minutes[PluralCategory(of: minutes, in: language)] ?? self.minutes[.other]
        return form?.filled { _ in "\(minutes)" } ?? "\(minutes)"
    }

    private var reasonAgainst: String? {
        if self.texts.isEmpty { return "there is no text" }
        let statesValidity = self.texts.contains { $0.count(of: .validity) > 0 }
        if self.minutes[.other] == nil, statesValidity || !self.minutes.isEmpty {
            return "minutes lacks the form 'other'"
        }
        if self.otherAction.isEmpty, self.texts.contains(where: { $0.count(of: .action) > 0 }) {
            return "a text has {action}, and otherAction is missing"
        }
        return nil
    }
}

extension MessageWording {
    private static func builtIn(serving locale: MessageLocale) -> MessageWording? {
        let served = MessageLocale(matching: locale.rawValue)
        return Self.builtIn.first { $0.locale == served }
    }

    private static func regions(of locale: MessageLocale) -> [String] {
        if let builtIn = Self.builtIn.first(where: { $0.locale == locale }) { return builtIn.regions }
        return LanguageTag(locale.rawValue)?.region.flatMap { Region($0) }.map { [$0.code] } ?? []
    }

    private static func texts(_ texts: [String]) throws(MessagePattern.Malformed) -> [MessagePattern] {
        try texts.map { text throws(MessagePattern.Malformed) in try self.text(text) }
    }

    private static func text(_ text: String) throws(MessagePattern.Malformed) -> MessagePattern {
        let pattern = try Self.pattern(text, "a text")
        for placeholder in [MessagePattern.Placeholder.brand, .code] where pattern.count(of: placeholder) != 1 {
            throw .init("a text must have {\(placeholder.rawValue)} once")
        }
        guard pattern.count(of: .action) <= 1 else { throw .init("a text must not have {action} twice") }
        guard pattern.count(of: .validity) + pattern.count(of: .minutes) == 1 else {
            throw .init("a text must have {validity} or {minutes} once")
        }
        return pattern
    }

    private static func minutes(
        _ forms: [PluralCategory: String]
    ) throws(MessagePattern.Malformed) -> [PluralCategory: MessagePattern] {
        var patterns: [PluralCategory: MessagePattern] = [:]
        for (category, form) in forms {
            let pattern = try Self.pattern(form, "minutes")
            let others = MessagePattern.Placeholder.allCases.filter { $0 != .minutes }
            guard pattern.count(of: .minutes) <= 1, others.allSatisfy({ pattern.count(of: $0) == 0 }) else {
                throw .init("minutes must have no placeholder but one {minutes}")
            }
            // In the singular and in the dual, the word can include the number.
            guard pattern.count(of: .minutes) == 1 || category == .one || category == .two else {
                throw .init("minutes must have {minutes} in the form '\(category.rawValue)'")
            }
            patterns[category] = pattern
        }
        return patterns
    }

    private static func actions(
        _ actions: [OTPPurpose: String]
    ) throws(MessagePattern.Malformed) -> [OTPPurpose: String] {
        var checked: [OTPPurpose: String] = [:]
        for (purpose, words) in actions {
            guard !words.isEmpty else { throw .init("an action is empty") }
            checked[purpose] = try Self.action(words)
        }
        return checked
    }

    private static func action(_ words: String) throws(MessagePattern.Malformed) -> String {
        let pattern = try Self.pattern(words, "an action")
        guard MessagePattern.Placeholder.allCases.allSatisfy({ pattern.count(of: $0) == 0 }) else {
            throw .init("an action must have no placeholder")
        }
        return pattern.filled { _ in "" }
    }

    private static func pattern(
        _ text: String,
        _ name: String
    ) throws(MessagePattern.Malformed) -> MessagePattern {
        do {
            return try MessagePattern(text)
        } catch {
            throw .init("\(name) \(error.reason)")
        }
    }
}
