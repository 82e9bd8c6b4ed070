package import SMSKit

/// One operation of the API: its name, its parameters and the shape of its answer.
public protocol AlibabaSMSAction: Sendable {
    /// What the gateway answers when it did what was asked.
    associatedtype Response: AlibabaSMSResponse

    /// The name on the wire.
    static var name: String { get }

    /// Where the parameters travel.
    static var placement: ParameterPlacement { get }

    /// Whether doing it twice does no harm, so that it is repeated whenever the answer is in doubt.
    static var isRepeatable: Bool { get }

    /// The parameters on the wire.
    var parameters: [RequestParameter] { get }

    /// Checks the fields before anything is sent.
    ///
    /// - Parameter configuration: The limits to check against.
    /// - Throws: An error that names the field at fault and not its value.
    func validate(with configuration: AlibabaSMSConfiguration) throws(AlibabaSMSError)

    /// Whether an answer that refuses tells of something that was done all the same.
    ///
    /// - Parameter answer: The answer, whose code is not `OK`.
    /// - Returns: `true` if it cannot be called a refusal.
    static func didSome(_ answer: Response) -> Bool
}

/// Where the parameters of an action travel.
public enum ParameterPlacement: Sendable, Hashable {
    /// In the URL, as the official SDKs do; in the body if the URL would become too long.
    case query
    /// In the body, as a form.
    case body
}

extension AlibabaSMSAction {
    /// In the URL.
    public static var placement: ParameterPlacement { .query }

    /// `false`: a repetition may send a second message.
    public static var isRepeatable: Bool { false }

    /// `false`: a refusal is one.
    public static func didSome(_ answer: Response) -> Bool { false }
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
            "is longer than \(configuration.maximumTextLength) units"
        )
    }

    static func requireOptions(
        taskID: String?,
        validityPeriod: Int?,
        channelID: String?
    ) throws(AlibabaSMSError) {
        if let taskID {
            try Self.require((1...255).contains(taskID.utf16.count), "taskID", "must have 1 to 255 characters")
        }
        if let validityPeriod {
            try Self.require(validityPeriod >= 1, "validityPeriod", "must be at least 1 second")
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
    /// The given parameters, and those of the optional ones that are there.
    init(_ required: [(String, String)], optional: [(String, String?)] = []) {
        self = required.map { RequestParameter($0.0, $0.1) }
        for case (let name, let value?) in optional { self.append(RequestParameter(name, value)) }
    }
}

extension PhoneNumber {
    /// The number as the gateway wants it: digits only.
    var wireDigits: String { String(self.e164.dropFirst()) }

    /// Whether the number is in mainland China; Hong Kong, Macao and Taiwan have calling codes of their own.
    package var isMainlandChina: Bool { self.e164.hasPrefix("+86") }
}
