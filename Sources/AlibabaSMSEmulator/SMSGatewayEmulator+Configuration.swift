// SPDX-License-Identifier: Apache-2.0

public import AlibabaSMS

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

extension SMSGatewayEmulator {
    /// The settings of an emulator.
    public struct Configuration: Sendable {
        /// The address or name on which the emulator listens.
        ///
        /// An address other than loopback requires a ``token``.
        public var host: String

        /// The port; 0 selects a free port.
        public var port: Int

        /// The token that the page and the REST API require; `nil` requires no token.
        public var token: InboxToken?

        /// The AccessKeys that have all permissions.
        ///
        /// A credential with a security token is a temporary AccessKey. Requests with this AccessKey must also contain the
        /// security token.
        public var accessKeys: [AlibabaCredential]

        /// The RAM users, each limited to its policies.
        public var users: [RAMUser]

        /// The roles that can be assumed; an empty list allows every role, with all permissions.
        public var roles: [RAMRole]

        /// The role of the ECS instance whose metadata service is emulated.
        public var instanceRole: RAMRole

        /// Whether the metadata service accepts requests without a token, as in its first version (IMDSv1).
        public var allowsFirstMetadataVersion: Bool

        /// The maximum number of messages in each namespace of the inbox; the oldest messages are dropped first.
        ///
        /// A namespace is a separate list of messages and requests, so that several tests can share an emulator.
        public var capacity: Int

        /// The maximum number of requests in each namespace of the request log; the oldest requests are dropped first.
        ///
        /// A namespace is a separate list of messages and requests, so that several tests can share an emulator.
        public var requestCapacity: Int

        /// The host names under which the page and the REST API are served, besides loopback names and ``host``.
        public var allowedHosts: [String]

        /// The timeouts of HTTP connections.
        public var timeouts: ConnectionTimeouts

        /// The settings that control how strictly the gateway checks requests.
        public var gateway: GatewaySettings

        /// The balance, prices, limits and approvals of the account.
        public var account: AccountSettings

        /// The delays from acceptance to delivery.
        public var delivery: DeliverySchedule

        /// The destination of delivery reports; `nil` disables the reports.
        public var reports: DeliveryReportSettings?

        /// The faults that are injected.
        public var faults: FaultSettings

        /// A closure that returns the time of the reference clock.
        ///
        /// Request dates are checked against the reference clock. The emulator's clock has an offset from the reference clock.
        public var now: @Sendable () -> Date

        /// Creates a configuration.
        ///
        /// - Parameters:
        ///   - host: The address or name on which the emulator listens.
        ///   - port: The port; 0 selects a free port.
        ///   - token: The token that the page and the REST API require.
        ///   - accessKeys: The AccessKeys that have all permissions.
        ///   - users: The RAM users, each limited to its policies.
        ///   - roles: The roles that can be assumed.
        ///   - instanceRole: The role of the ECS instance whose metadata service is emulated.
        ///   - allowsFirstMetadataVersion: Whether the metadata service accepts requests without a token.
        ///   - capacity: The maximum number of messages in each namespace of the inbox.
        ///   - requestCapacity: The maximum number of requests in each namespace of the request log.
        ///   - allowedHosts: The host names under which the page and the REST API are served, besides loopback names and
        ///     ``host``.
        ///   - timeouts: The timeouts of HTTP connections.
        ///   - gateway: The settings that control how strictly the gateway checks requests.
        ///   - account: The balance, prices, limits and approvals of the account.
        ///   - delivery: The delays from acceptance to delivery.
        ///   - reports: The destination of delivery reports.
        ///   - faults: The faults that are injected.
        ///   - now: A closure that returns the time of the reference clock.
        public init(
            host: String = "127.0.0.1",
            port: Int = 0,
            token: InboxToken? = nil,
            accessKeys: [AlibabaCredential] = [],
            users: [RAMUser] = [],
            roles: [RAMRole] = [],
            instanceRole: RAMRole = RAMRole(name: "emulated", policies: [.dysmsFullAccess]),
            allowsFirstMetadataVersion: Bool = true,
            capacity: Int = 500,
            requestCapacity: Int = 500,
            allowedHosts: [String] = [],
            timeouts: ConnectionTimeouts = .init(),
            gateway: GatewaySettings = .init(),
            account: AccountSettings = .init(),
            delivery: DeliverySchedule = .init(),
            reports: DeliveryReportSettings? = nil,
            faults: FaultSettings = .init(),
            now: @escaping @Sendable () -> Date = { Date() }
        ) {
            self.host = host
            self.port = port
            self.token = token
            self.accessKeys = accessKeys
            self.users = users
            self.roles = roles
            self.instanceRole = instanceRole
            self.allowsFirstMetadataVersion = allowsFirstMetadataVersion
            self.capacity = capacity
            self.requestCapacity = requestCapacity
            self.allowedHosts = allowedHosts
            self.timeouts = timeouts
            self.gateway = gateway
            self.account = account
            self.delivery = delivery
            self.reports = reports
            self.faults = faults
            self.now = now
        }
    }
}
