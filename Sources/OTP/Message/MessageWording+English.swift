extension MessageWording {
    /// English; every character is one unit of the GSM alphabet.
    static let english = MessageWording(
        locale: .english,
        actions: [
            .registration: "create your account",
            .signIn: "sign in",
            .passwordReset: "reset your password",
            .phoneNumberChange: "change your phone number",
        ],
        otherAction: "confirm your request"
    ) { brand, code, action, minutes in
        let life = minutes == 1 ? "1 minute" : "\(minutes) minutes"
        return
            "\(brand) verification code \(code) to \(action). Valid \(life). Never share it. Our staff never ask for it."
    }
}
