// SPDX-License-Identifier: Apache-2.0

extension RedisConfiguration {
    /// The settings for Sentinel: the addresses of the sentinels, and the name of the primary.
    public struct Sentinel: Sendable, Hashable {
        /// The addresses of the sentinels, in the order in which the client queries them.
        public var sentinels: [Endpoint]

        /// The name of the primary in the configuration of the sentinels.
        public var primaryName: String

        /// The ACL user for the sentinels; `nil` for the default user.
        public var username: String?

        /// The password for the sentinels; `nil` for no password.
        public var password: String?

        /// Creates the settings for sentinels.
        ///
        /// - Parameters:
        ///   - sentinels: The addresses of the sentinels, in the order in which the client queries them.
        ///   - primaryName: The name of the primary in the configuration of the sentinels.
        ///   - username: The ACL user for the sentinels; `nil` for the default user.
        ///   - password: The password for the sentinels; `nil` for no password.
        public init(
            sentinels: [Endpoint],
            primaryName: String,
            username: String? = nil,
            password: String? = nil
        ) {
            self.sentinels = sentinels
            self.primaryName = primaryName
            self.username = username
            self.password = password
        }
    }
}

extension RedisConfiguration.Sentinel: CustomStringConvertible, CustomReflectable {
    /// A text with the addresses of the sentinels and the name of the primary.
    ///
    /// The description never contains the password.
    public var description: String {
        RedisConfiguration.Deployment.sentinel(self).description
    }

    /// A mirror without the password.
    public var customMirror: Mirror {
        Mirror(self, children: ["sentinels": self.description], displayStyle: .struct)
    }
}
