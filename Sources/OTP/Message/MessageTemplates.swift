import SMS

/// The texts of verification messages: who sends, what for, for how long, and that the code is for no one else.
///
/// Every text is checked when the templates are made, so that none costs a second message and none shows anything that
/// could be taken for the code or for a link.
public struct MessageTemplates: Sendable {
    private static let purposes: [OTPPurpose?] = [
        .registration, .signIn, .passwordReset, .phoneNumberChange, nil,
    ]

    /// More minutes than this are written as this many, so that a life is never taken for a code.
    private static let mostMinutes = 999

    private let brands: [MessageLocale: String]
    private let brand: String
    private let origin: String?
    let longestCode: Int

    /// Makes and checks the texts of every language and purpose.
    ///
    /// - Parameters:
    ///   - brand: The name of the sender, 1–20 letters, up to 3 digits, single spaces and `& ' - .`.
    ///   - localizedBrands: The name in the languages where it differs. An English text needs a name in Latin letters.
    ///   - origin: The host of the site that may fill the code in, such as `example.com`, for a last line
    ///     `@example.com #123456`; `nil` leaves the line out. It comes from the configuration, never from a request.
    ///   - longestCode: The length of the longest code, 4–10. With an origin, a code of 10 digits hardly fits.
    /// - Throws: Which text cannot be used, and why.
    public init(
        brand: String,
        localizedBrands: [MessageLocale: String] = [:],
        origin: String? = nil,
        longestCode: Int = 10
    ) throws(MessageTemplateError) {
        guard (4...10).contains(longestCode) else {
            throw MessageTemplateError(.invalidCodeLength, "the longest code must have 4 to 10 digits")
        }
        if let origin { try MessageCheck.origin(origin) }
        self.brand = brand
        self.brands = localizedBrands
        self.origin = origin
        self.longestCode = longestCode
        // The digits differ from each other, so that no part of the code is found in another part.
        let code = String("9182736450".prefix(longestCode))
        for locale in MessageLocale.all {
            try MessageCheck.brand(localizedBrands[locale] ?? brand, locale: locale)
            for purpose in Self.purposes {
                let text = self.render(code: code, purpose: purpose, locale: locale, minutes: Self.mostMinutes)
                try MessageCheck.text(text, code: code, origin: origin, locale: locale)
            }
        }
    }

    /// Writes the text of one message.
    ///
    /// - Parameters:
    ///   - code: The code: ASCII digits and capital letters, at most as many as the templates were made for.
    ///   - purpose: What the code is for. The name of a purpose of the caller's own is never shown.
    ///   - locale: The language.
    ///   - life: How long the code is valid; written in whole minutes, rounded down but at least 1.
    /// - Returns: A text that is billed as one message.
    public func text(code: String, purpose: OTPPurpose, locale: MessageLocale, life: Duration) -> String {
        precondition(
            (4...self.longestCode).contains(code.utf8.count)
                && code.utf8.allSatisfy {
                    UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0
                },
            "a code has 4 to \(self.longestCode) ASCII digits or capital letters"
        )
        return self.render(code: code, purpose: purpose, locale: locale, minutes: Self.minutes(in: life))
    }

    /// The whole minutes of a life, as texts tell them.
    static func minutes(in life: Duration) -> Int {
        Int(min(max(life.components.seconds / 60, 1), Int64(Self.mostMinutes)))
    }

    private func render(code: String, purpose: OTPPurpose?, locale: MessageLocale, minutes: Int) -> String {
        let wording = MessageWording.wording(for: locale)
        let action = purpose.flatMap(wording.action(for:)) ?? wording.otherAction
        let brand = self.brands.isEmpty ? self.brand : self.brands[locale] ?? self.brand
        let body = wording.body(brand, code, action, minutes)
        guard let origin = self.origin else { return body }
        return "\(body)\n@\(origin) #\(code)"
    }
}
