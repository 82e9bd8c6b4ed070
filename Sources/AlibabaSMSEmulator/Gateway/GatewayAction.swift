/// One operation of the API: what the gateway has to know of it, and what the service does.
protocol GatewayAction: Sendable {
    /// The name on the wire.
    var name: String { get }

    /// The parameters without which the gateway refuses a request.
    var requiredParameters: [String] { get }

    /// How many requests the account may make in a second, if that is not configured; `nil` is as many as it likes.
    var requestsPerSecond: Int? { get }

    /// Does what is asked.
    func perform(_ call: GatewayCall, by service: MessageService) async throws(ServiceError) -> ServiceResponse
}

extension GatewayAction {
    /// What a policy has to allow.
    var permission: String { "dysms:\(self.name)" }

    var requestsPerSecond: Int? { nil }
}

/// Every action of version 2018-05-01.
enum GatewayActions {
    static let all: [any GatewayAction] = [
        SendMessageToGlobe(), BatchSendMessageToGlobe(), SendMessageWithTemplate(), QueryMessage(), SmsConversion(),
        ConversionData(),
    ]

    private static let table = Dictionary(uniqueKeysWithValues: Self.all.map { ($0.name, $0) })

    /// The action with a name, in which case matters.
    static func action(named name: String) -> (any GatewayAction)? { self.table[name] }
}
