// SPDX-License-Identifier: Apache-2.0

package import SMSKit

/// An operation of the gateway's API, with a name, parameters and a type of response.
package protocol AlibabaSMSAction: Sendable {
    /// The type of the gateway's response to the action.
    associatedtype Response: AlibabaSMSResponse

    /// The name of the action in requests.
    static var name: String { get }

    /// The part of the HTTP request that carries the parameters.
    static var placement: ParameterPlacement { get }

    /// Whether the action can safely be performed twice.
    ///
    /// An idempotent action is also retried if the outcome of a request is unknown.
    static var isIdempotent: Bool { get }

    /// The parameters of the request.
    var parameters: [RequestParameter] { get }

    /// Validates the fields before anything is sent.
    ///
    /// - Parameter configuration: The configuration, which contains the limits.
    /// - Throws: An error that names the invalid field without its value.
    func validate(with configuration: AlibabaSMSConfiguration) throws(AlibabaSMSError)

    /// Returns whether the gateway performed part of an action although it rejected the action.
    ///
    /// - Parameter response: A response with a code other than `OK`.
    /// - Returns: `true` if the gateway performed part of the action. The outcome then does not count as a rejection.
    static func wasPartlyDone(_ response: Response) -> Bool
}

/// The part of an HTTP request that carries the parameters of an action.
package enum ParameterPlacement: Sendable, Hashable {
    /// The query of the URL, or the body if the URL would be too long.
    case query
    /// The body, in form encoding.
    case body
}

extension AlibabaSMSAction {
    package static var placement: ParameterPlacement { .query }

    /// `false`, because sending twice may deliver two messages.
    package static var isIdempotent: Bool { false }

    package static func wasPartlyDone(_ response: Response) -> Bool { false }
}

extension AlibabaSMSAction {
    static func require(_ holds: Bool, _ field: String, _ message: String) throws(AlibabaSMSError) {
        guard holds else { throw AlibabaSMSError(.invalidRequest, field: field, message: "\(field) \(message)") }
    }

    static func requireText(
        _ text: String,
        _ field: String,
        with configuration: AlibabaSMSConfiguration
    ) throws(AlibabaSMSError) {
        try Self.require(!text.allSatisfy(\.isWhitespace), field, "is empty")
        try Self.require(
            text.utf16.count <= configuration.maximumTextLength,
            field,
            "is longer than \(configuration.maximumTextLength) UTF-16 code units"
        )
    }

    static func requireOptions(
        taskID: String?,
        validity: Duration?,
        channelID: String?
    ) throws(AlibabaSMSError) {
        if let taskID {
            try Self.require((1...255).contains(taskID.utf16.count), "taskID", "must have 1 to 255 characters")
        }
        if let validity {
            try Self.require(validity > .zero, "validity", "must be positive")
        }
        if let channelID {
            try Self.require(!channelID.isEmpty, "channelID", "is empty")
        }
    }

    static func requireMessageID(_ messageID: String) throws(AlibabaSMSError) {
        try Self.require(
            SafeText.messageID(messageID) != nil,
            "messageID",
            "must be 1 to 64 letters, digits and hyphens"
        )
    }
}

extension [RequestParameter] {
    /// Creates a list of the required parameters, and of the optional parameters that have a value.
    init(_ required: [(String, String)], optional: [(String, String?)] = []) {
        self = required.map { RequestParameter($0.0, $0.1) }
        for case (let name, let value?) in optional { self.append(RequestParameter(name, value)) }
    }
}

extension Duration {
    /// The duration in whole seconds, rounded down.
    ///
    /// The minimum is 1, as the gateway requires.
    var wireSeconds: String { "\(Swift.max(1, self.components.seconds))" }
}

extension PhoneNumber {
    /// The number in the gateway's format: digits without a plus sign.
    var wireDigits: String { String(self.e164.dropFirst()) }

    /// Whether the number belongs to mainland China.
    ///
    /// Hong Kong, Macao and Taiwan have their own calling codes.
    package var isMainlandChina: Bool { self.e164.hasPrefix("+86") }
}
