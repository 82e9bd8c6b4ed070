// SPDX-License-Identifier: Apache-2.0

/// The action of a form that the visitor has submitted.
enum DemoAction: Sendable, Hashable {
    case number(String, region: String)
    case check(isTicked: Bool)
    case code(String)
    case recover(String, region: String, code: String)
    case resend, back, change, signOut, recovery, recoveryCodes

    /// The names of the actions.
    ///
    /// Each name is the last component of the action's URL path.
    static let names = [
        "number", "check", "code", "resend", "back", "change", "sign-out", "recovery", "recover", "recovery-codes",
    ]

    /// Creates the action of a request; returns `nil` if the name is unknown.
    ///
    /// - Parameters:
    ///   - name: The last component of the URL path.
    ///   - fields: The fields of the form.
    init?(_ name: String, _ fields: [String: String]) {
        switch name {
        case "number": self = .number(fields["number"] ?? "", region: fields["region"] ?? "")
        case "check": self = .check(isTicked: fields["person"] == "yes")
        case "code": self = .code(fields["code"] ?? "")
        case "resend": self = .resend
        case "back": self = .back
        case "change": self = .change
        case "sign-out": self = .signOut
        case "recovery": self = .recovery
        case "recover":
            let number = fields["number"] ?? ""
            self = .recover(number, region: fields["region"] ?? "", code: fields["recovery"] ?? "")
        case "recovery-codes": self = .recoveryCodes
        default: return nil
        }
    }
}
