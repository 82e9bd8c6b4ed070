import AlibabaSMS
import StrictJSON

/// An account as a JSON file describes it: its users and roles, its prices, and what it may send.
public struct AccountFile: Sendable {
    /// A fault of a file.
    public struct InvalidJSON: Error, Sendable, Hashable, CustomStringConvertible {
        /// The place and the fault; no value is quoted.
        ///
        /// An example is `users[2].accessKeyId is missing`.
        public let description: String
    }

    /// The users with their AccessKeys.
    public var users: [RAMUser]

    /// The roles that can be assumed.
    public var roles: [RAMRole]

    /// The role of the ECS instance whose metadata service is emulated; `nil` leaves it as it is.
    public var instanceRole: RAMRole?

    /// Balance, prices, limits, sender IDs, signatures and templates.
    public var settings: AccountSettings

    /// Reads a file.
    ///
    /// - Parameter json: The JSON text. Members that are unknown or occur twice are refused.
    /// - Throws: The place of the first fault and the fault.
    public init(json: some Collection<UInt8>) throws(InvalidJSON) {
        do {
            self = try JSON(parsing: json, rules: .ownFormat).decode(Entries.self).account()
        } catch {
            throw InvalidJSON(description: JSON.reason(error, noun: "file"))
        }
    }

    init(users: [RAMUser], roles: [RAMRole], instanceRole: RAMRole?, settings: AccountSettings) {
        self.users = users
        self.roles = roles
        self.instanceRole = instanceRole
        self.settings = settings
    }

    /// Makes the account part of a configuration.
    ///
    /// - Parameter configuration: A configuration, which keeps its own AccessKeys.
    public func apply(to configuration: inout SMSGatewayEmulator.Configuration) {
        configuration.users = self.users
        configuration.roles = self.roles
        if let role = self.instanceRole { configuration.instanceRole = role }
        configuration.account = self.settings
    }
}
