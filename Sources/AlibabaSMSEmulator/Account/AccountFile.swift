// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import StrictJSON

/// An account that a JSON file describes, with users, roles, prices, limits and approvals.
public struct AccountFile: Sendable {
    /// The error for an invalid account file.
    public struct InvalidJSON: Error, Sendable, Hashable, CustomStringConvertible {
        /// The path of the invalid member and the reason, for example `users[2].accessKeyId is missing`.
        ///
        /// The text contains no value of the file.
        public let description: String

        /// Creates an error.
        ///
        /// - Parameter description: The path of the invalid member and the reason.
        public init(description: String) {
            self.description = description
        }
    }

    /// The RAM users with their AccessKeys.
    public var users: [RAMUser]

    /// The roles that can be assumed.
    public var roles: [RAMRole]

    /// The role of the ECS instance whose metadata service is emulated.
    ///
    /// If the value is `nil`, ``apply(to:)`` keeps the role of the configuration.
    public var instanceRole: RAMRole?

    /// The balance, prices, limits, sender IDs, signatures and templates.
    public var settings: AccountSettings

    /// Parses a file.
    ///
    /// - Parameter json: The JSON text. Unknown and duplicate members are rejected.
    /// - Throws: An ``InvalidJSON`` error for the first invalid member.
    public init(json: some Collection<UInt8>) throws(InvalidJSON) {
        do {
            self = try JSON(parsing: json, rules: .ownFormat).decode(Entries.self).account()
        } catch {
            throw InvalidJSON(description: JSON.reason(error, noun: "file"))
        }
    }

    /// Creates an account.
    ///
    /// - Parameters:
    ///   - users: The RAM users with their AccessKeys.
    ///   - roles: The roles that can be assumed.
    ///   - instanceRole: The role of the ECS instance whose metadata service is emulated. If the value is `nil`, ``apply(to:)``
    ///     keeps the role of the configuration.
    ///   - settings: The balance, prices, limits, sender IDs, signatures and templates.
    public init(
        users: [RAMUser] = [],
        roles: [RAMRole] = [],
        instanceRole: RAMRole? = nil,
        settings: AccountSettings = .init()
    ) {
        self.users = users
        self.roles = roles
        self.instanceRole = instanceRole
        self.settings = settings
    }

    /// Replaces the users, roles and account settings of a configuration.
    ///
    /// The method also replaces the instance role of the configuration if ``instanceRole`` is not `nil`.
    ///
    /// - Parameter configuration: The configuration to change. Its ``SMSGatewayEmulator/Configuration/accessKeys`` are kept.
    public func apply(to configuration: inout SMSGatewayEmulator.Configuration) {
        configuration.users = self.users
        configuration.roles = self.roles
        if let role = self.instanceRole { configuration.instanceRole = role }
        configuration.account = self.settings
    }
}
