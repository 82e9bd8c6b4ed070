// SPDX-License-Identifier: Apache-2.0

package import SMSKit

/// An operation of the API: its name, parameters and response.
package protocol AlibabaSMSAction: Sendable {
    /// The response of the gateway if it performed the action.
    associatedtype Response: AlibabaSMSResponse

    /// The name on the wire.
    static var name: String { get }

    /// The part of the HTTP request that carries the parameters.
    static var placement: ParameterPlacement { get }

    /// Whether the action can be performed twice without harm, so that it is retried after any failure.
    static var isIdempotent: Bool { get }

    /// The parameters on the wire.
    var parameters: [RequestParameter] { get }

    /// Validates the fields before anything is sent.
    ///
    /// - Parameter configuration: The limits to check against.
    /// - Throws: An error that names the invalid field without its value.
    func validate(with configuration: AlibabaSMSConfiguration) throws(AlibabaSMSError)

    /// Returns whether a rejection reports that a part of the action was done.
    ///
    /// - Parameter response: The response, whose code is not `OK`.
    /// - Returns: `true` if the outcome is not a rejection.
    static func wasPartlyDone(_ response: Response) -> Bool
}

/// The part of an HTTP request that carries the parameters of an action.
package enum ParameterPlacement: Sendable, Hashable {
    /// The URL, as in the official SDKs; the body if the URL would be too long.
    case query
    /// The body, as a form.
    case body
}

extension AlibabaSMSAction {
    package static var placement: ParameterPlacement { .query }

    /// `false`: sending twice may deliver two messages.
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
    /// Creates a list of the required parameters and of the optional ones that are set.
    init(_ required: [(String, String)], optional: [(String, String?)] = []) {
        self = required.map { RequestParameter($0.0, $0.1) }
        for case (let name, let value?) in optional { self.append(RequestParameter(name, value)) }
    }
}

extension Duration {
    /// Whole seconds, rounded down but at least 1, which is the gateway's minimum.
    var wireSeconds: String { "\(Swift.max(1, self.components.seconds))" }
}

extension PhoneNumber {
    /// The number in the gateway's format: digits only.
    var wireDigits: String { String(self.e164.dropFirst()) }

    /// Whether the number belongs to mainland China; Hong Kong, Macao and Taiwan have calling codes of their own.
    package var isMainlandChina: Bool { self.e164.hasPrefix("+86") }
}
