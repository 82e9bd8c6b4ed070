import StrictJSON
import TextFormats

/// Which actions whoever has it may do.
///
/// Resources and conditions are not looked at: the gateway knows no resource but `*`.
public struct AccessPolicy: Sendable, Hashable {
    /// The name.
    public let name: String

    /// Patterns of the actions that it allows, such as `dysms:SendMessageToGlobe` or `dysms:*`.
    public let allowedActions: [String]

    /// Patterns of the actions that it denies, whatever else allows them.
    public let deniedActions: [String]

    /// Creates a policy.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - allowedActions: Patterns of the actions that it allows; `*` stands for any text, and case does not matter.
    ///   - deniedActions: Patterns of the actions that it denies.
    public init(name: String, allowedActions: [String], deniedActions: [String] = []) {
        self.name = name
        self.allowedActions = allowedActions
        self.deniedActions = deniedActions
    }

    /// Reads a policy document, as RAM has them: `{"Version":"1","Statement":[{"Effect":"Allow","Action":"dysms:*",…}]}`.
    ///
    /// It is `nil` for a text that is none.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - document: The JSON text.
    public init?(name: String, document: String) {
        guard
            let json = try? JSON(parsing: document.utf8, rules: .externalFormat),
            let document = try? json.decode(PolicyDocument.self)
        else { return nil }
        self.init(
            name: name,
            allowedActions: document.statements.filter { $0.effect == .allow }.flatMap(\.actions),
            deniedActions: document.statements.filter { $0.effect == .deny }.flatMap(\.actions)
        )
    }

    /// Everything.
    public static let administratorAccess = Self(name: "AdministratorAccess", allowedActions: ["*"])

    /// Everything with messages.
    public static let dysmsFullAccess = Self(name: "AliyunDysmsFullAccess", allowedActions: ["dysms:*"])

    /// Looking at messages, and sending none.
    public static let dysmsReadOnlyAccess = Self(
        name: "AliyunDysmsReadOnlyAccess",
        allowedActions: ["dysms:Query*", "dysms:Get*", "dysms:List*"]
    )

    /// Assuming roles.
    public static let stsAssumeRoleAccess = Self(
        name: "AliyunSTSAssumeRoleAccess",
        allowedActions: ["sts:AssumeRole"]
    )

    /// Whether the policy allows an action and does not deny it.
    public func allows(_ action: String) -> Bool {
        !self.denies(action) && self.allowedActions.contains { Self.matches($0, action) }
    }

    /// Whether the policy denies an action, whatever else allows it.
    public func denies(_ action: String) -> Bool { self.deniedActions.contains { Self.matches($0, action) } }

    /// Whether a text fits a pattern, in which `*` stands for any text.
    private static func matches(_ pattern: String, _ action: String) -> Bool {
        GlobPattern(pattern, ignoresCase: true).matches(action)
    }
}

/// The shape of a policy in RAM.
private struct PolicyDocument: Decodable {
    struct Statement: Decodable {
        enum Effect: String, Decodable {
            case allow = "Allow"
            case deny = "Deny"
        }

        let effect: Effect
        let actions: [String]

        private enum CodingKeys: String, CodingKey {
            case effect = "Effect"
            case action = "Action"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            self.effect = try container.decode(Effect.self, forKey: .effect)
            // RAM takes one action or a list of them.
            if let action = try? container.decode(String.self, forKey: .action) {
                self.actions = [action]
            } else {
                self.actions = try container.decode([String].self, forKey: .action)
            }
        }
    }

    let statements: [Statement]

    private enum CodingKeys: String, CodingKey { case statements = "Statement" }
}
