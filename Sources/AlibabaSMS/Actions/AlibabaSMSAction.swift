public import SMS

/// One operation of the API: its name, its parameters and the shape of its answer.
public protocol AlibabaSMSAction: Sendable {
    /// What the gateway answers when it did what was asked.
    associatedtype Answer: Decodable & Sendable

    /// The name on the wire.
    static var name: String { get }

    /// The parameters on the wire.
    var parameters: [RequestParameter] { get }

    /// Checks the fields before anything is sent.
    ///
    /// - Parameter configuration: The limits to check against.
    /// - Throws: An error that names the field at fault and not its value.
    func validate(with configuration: AlibabaSMSConfiguration) throws(AlibabaSMSError)
}

/// What became of a request.
public enum AlibabaSMSOutcome<Answer: Sendable>: Sendable {
    /// The gateway did what was asked.
    case accepted(Answer)

    /// The gateway certainly did not do what was asked.
    case rejected(SMSError)

    /// It cannot be told whether the gateway did what was asked.
    case unknown(SMSError)
}
