/// The words of a verification message in one language.
struct MessageWording: Sendable {
    var locale: MessageLocale

    /// What someone does with the code, by purpose: so few that they are looked through.
    var actions: KeyValuePairs<OTPPurpose, String>

    /// What is written for any other purpose, whose name is never shown.
    var otherAction: String

    /// Puts brand, code, action and whole minutes together.
    var body: @Sendable (_ brand: String, _ code: String, _ action: String, _ minutes: Int) -> String

    func action(for purpose: OTPPurpose) -> String? {
        self.actions.first { $0.key == purpose }?.value
    }

    static func wording(for locale: MessageLocale) -> MessageWording {
        locale == .simplifiedChinese ? .simplifiedChinese : .english
    }
}
