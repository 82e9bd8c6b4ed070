// SPDX-License-Identifier: Apache-2.0

/// An action of the gateway's API, with its requirements and its implementation.
protocol GatewayAction: Sendable {
    /// The name of the action in requests.
    var name: String { get }

    /// The parameters that every request must contain.
    var requiredParameters: [String] { get }

    /// The default rate limit of the account in requests per second; `nil` means unlimited.
    var requestsPerSecond: Int? { get }

    /// Performs the action.
    func perform(_ call: GatewayCall, by service: MessageService) async throws(ServiceError) -> ServiceResponse
}

extension GatewayAction {
    /// The permission in Resource Access Management (RAM) that the action requires.
    var permission: String { "dysms:\(self.name)" }

    var requestsPerSecond: Int? { nil }
}

/// All actions of API version 2018-05-01.
enum GatewayActions {
    static let all: [any GatewayAction] = [
        SendMessageToGlobe(), BatchSendMessageToGlobe(), SendMessageWithTemplate(), QueryMessage(), SmsConversion(),
        ConversionData(),
    ]

    private static let table = Dictionary(uniqueKeysWithValues: Self.all.map { ($0.name, $0) })

    /// Returns the action with a name.
    ///
    /// Names are case-sensitive.
    static func action(named name: String) -> (any GatewayAction)? { self.table[name] }
}
