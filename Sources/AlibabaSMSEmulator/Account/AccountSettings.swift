// SPDX-License-Identifier: Apache-2.0

/// The balance, prices, limits and approvals of an account.
public struct AccountSettings: Sendable {
    /// The layer that rejects a request without the required permission: the gateway, or the SMS service behind the gateway.
    public struct PermissionDenial: Sendable, Hashable, CustomStringConvertible {
        private enum Layer: String { case gateway, service }

        private let layer: Layer

        /// The gateway rejects the request with HTTP status 403 and the code `NoPermission`.
        public static let gateway = Self(layer: .gateway)

        /// The service rejects the request with HTTP status 200 and the code `RAM_PERMISSION_DENY`.
        public static let service = Self(layer: .service)

        /// The name of the layer, `gateway` or `service`.
        public var description: String { self.layer.rawValue }
    }

    /// The balance in millionths of the account's currency; `nil` is unlimited.
    public var balanceMicros: Int?

    /// The prices of a message segment in each region.
    public var prices: PriceList

    /// The maximum number of messages to a phone number per day; `nil` is unlimited.
    ///
    /// A day begins at midnight in UTC+8. A real account allows at most 20 messages.
    public var messagesPerNumberAndDay: Int?

    /// The approved sender IDs; `nil` approves every well-formed ID.
    public var senderIDs: [String]?

    /// The signatures approved for mainland China; `nil` approves all.
    public var signatures: [String]?

    /// The templates approved for mainland China; `nil` approves all.
    public var templates: [SMSTemplate]?

    /// The maximum number of requests per second for each action, keyed by the name of the action.
    ///
    /// Actions without an entry have the limits of a real account.
    public var requestsPerSecond: [String: Int]

    /// The layer that rejects a request without the required permission: the gateway, or the SMS service behind the gateway.
    public var permissionDenial: PermissionDenial

    /// Creates settings.
    ///
    /// By default, only the request rates are limited. The default rates are those of a real account.
    ///
    /// - Parameters:
    ///   - balanceMicros: The balance in millionths of the account's currency; `nil` is unlimited.
    ///   - prices: The prices of a message segment in each region.
    ///   - messagesPerNumberAndDay: The maximum number of messages to a phone number per day; `nil` is unlimited.
    ///   - senderIDs: The approved sender IDs; `nil` approves every well-formed ID.
    ///   - signatures: The signatures approved for mainland China; `nil` approves all.
    ///   - templates: The templates approved for mainland China; `nil` approves all.
    ///   - requestsPerSecond: The maximum number of requests per second for each action, keyed by the name of the action.
    ///   - permissionDenial: The layer that rejects a request without the required permission.
    public init(
        balanceMicros: Int? = nil,
        prices: PriceList = .samples,
        messagesPerNumberAndDay: Int? = nil,
        senderIDs: [String]? = nil,
        signatures: [String]? = nil,
        templates: [SMSTemplate]? = nil,
        requestsPerSecond: [String: Int] = [:],
        permissionDenial: PermissionDenial = .gateway
    ) {
        self.balanceMicros = balanceMicros
        self.prices = prices
        self.messagesPerNumberAndDay = messagesPerNumberAndDay
        self.senderIDs = senderIDs
        self.signatures = signatures
        self.templates = templates
        self.requestsPerSecond = requestsPerSecond
        self.permissionDenial = permissionDenial
    }
}
