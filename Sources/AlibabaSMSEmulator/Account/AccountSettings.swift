/// What an account has, may and knows.
public struct AccountSettings: Sendable {
    /// How a request that the policies do not allow is refused.
    public enum PermissionRefusal: Sendable, Hashable {
        /// By the gateway: HTTP 403, `NoPermission`.
        case gateway
        /// By the service: HTTP 200, `RAM_PERMISSION_DENY`.
        case service
    }

    /// The balance in millionths of the currency, after which messages are refused; `nil` never ends.
    public var balanceMicros: Int?

    /// What messages cost.
    public var prices: PriceList

    /// How many messages a number may get in a day, which begins at midnight in UTC+8; `nil` is as many as you like.
    ///
    /// The real account has at most 20.
    public var messagesPerNumberAndDay: Int?

    /// The sender IDs that are approved; `nil` approves all that are well formed.
    public var senderIDs: [String]?

    /// The signatures that are approved for mainland China; `nil` approves all.
    public var signatures: [String]?

    /// The templates that are approved for mainland China; `nil` approves all.
    public var templates: [SMSTemplate]?

    /// How many requests may be made in a second, by action, where it is not as many as the real account may.
    public var requestsPerSecond: [String: Int]

    /// How a request that the policies do not allow is refused.
    public var permissionRefusal: PermissionRefusal

    /// Creates settings; as they are by default nothing but the real account's requests per second is limited.
    ///
    /// - Parameters:
    ///   - balanceMicros: The balance in millionths of the currency.
    ///   - prices: What messages cost.
    ///   - messagesPerNumberAndDay: How many messages a number may get in a day.
    ///   - senderIDs: The sender IDs that are approved.
    ///   - signatures: The signatures that are approved for mainland China.
    ///   - templates: The templates that are approved for mainland China.
    ///   - requestsPerSecond: How many requests may be made in a second, by action.
    ///   - permissionRefusal: How a request that the policies do not allow is refused.
    public init(
        balanceMicros: Int? = nil,
        prices: PriceList = .samples,
        messagesPerNumberAndDay: Int? = nil,
        senderIDs: [String]? = nil,
        signatures: [String]? = nil,
        templates: [SMSTemplate]? = nil,
        requestsPerSecond: [String: Int] = [:],
        permissionRefusal: PermissionRefusal = .gateway
    ) {
        self.balanceMicros = balanceMicros
        self.prices = prices
        self.messagesPerNumberAndDay = messagesPerNumberAndDay
        self.senderIDs = senderIDs
        self.signatures = signatures
        self.templates = templates
        self.requestsPerSecond = requestsPerSecond
        self.permissionRefusal = permissionRefusal
    }
}
