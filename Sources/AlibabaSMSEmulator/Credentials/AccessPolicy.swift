// SPDX-License-Identifier: Apache-2.0

import StrictJSON
import TextFormats

/// A policy of Alibaba's Resource Access Management (RAM), which allows and denies actions.
///
/// Resources are ignored, because the gateway has no resource other than `*`. Conditions are ignored, too.
public struct AccessPolicy: Sendable, Hashable {
    /// The name of the policy.
    public let name: String

    /// Patterns of the allowed actions, such as `dysms:SendMessageToGlobe` or `dysms:*`.
    public let allowedActions: [String]

    /// Patterns of the denied actions.
    ///
    /// A denial overrides every policy that allows the action.
    public let deniedActions: [String]

    /// Creates a policy.
    ///
    /// - Parameters:
    ///   - name: The name of the policy.
    ///   - allowedActions: Patterns of the allowed actions. `*` matches any text, and case is ignored.
    ///   - deniedActions: Patterns of the denied actions.
    public init(name: String, allowedActions: [String], deniedActions: [String] = []) {
        self.name = name
        self.allowedActions = allowedActions
        self.deniedActions = deniedActions
    }

    /// Parses a policy document such as `{"Version":"1","Statement":[{"Effect":"Allow","Action":"dysms:*"}]}`.
    ///
    /// Returns `nil` if the text is not a policy document.
    ///
    /// - Parameters:
    ///   - name: The name of the policy.
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

    /// A policy that allows all actions.
    public static let administratorAccess = Self(name: "AdministratorAccess", allowedActions: ["*"])

    /// A policy that allows all actions of the SMS service.
    public static let dysmsFullAccess = Self(name: "AliyunDysmsFullAccess", allowedActions: ["dysms:*"])

    /// A policy that allows queries of the SMS service, but no sends.
    public static let dysmsReadOnlyAccess = Self(
        name: "AliyunDysmsReadOnlyAccess",
        allowedActions: ["dysms:Query*", "dysms:Get*", "dysms:List*"]
    )

    /// A policy that allows `sts:AssumeRole`, the action that assumes roles.
    public static let stsAssumeRoleAccess = Self(
        name: "AliyunSTSAssumeRoleAccess",
        allowedActions: ["sts:AssumeRole"]
    )

    /// Returns whether the policy allows an action and does not deny it.
    public func allows(_ action: String) -> Bool {
        !self.denies(action) && self.allowedActions.contains { Self.matches($0, action) }
    }

    /// Returns whether the policy denies an action explicitly.
    public func denies(_ action: String) -> Bool { self.deniedActions.contains { Self.matches($0, action) } }

    /// Returns whether an action matches a pattern, in which `*` matches any text.
    private static func matches(_ pattern: String, _ action: String) -> Bool {
        GlobPattern(pattern, ignoresCase: true).matches(action)
    }
}

/// The JSON document of a Resource Access Management (RAM) policy.
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
            // RAM accepts one action or a list.
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
