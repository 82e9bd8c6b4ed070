/// What goes wrong with a request or a message.
public enum Fault: Sendable, Hashable {
    /// The request or the message is refused.
    ///
    /// A code in capitals is one of the service: HTTP 200 and `ResponseCode`, or a number in a batch's `FailedList`. Any
    /// other is one of the gateway, which answers so after it has found who asks and that they may.
    case reject(code: String, status: Int? = nil, retryAfter: Duration? = nil)

    /// The connection is reset, and nothing is done.
    case unreachable

    /// Nothing is done, and nothing answered before the connection is closed.
    case hang(for: Duration = .seconds(60))

    /// What is asked is done at once, and answered later.
    case slow(by: Duration)

    /// What is asked is done, and the connection is closed without an answer.
    case acceptThenClose

    /// The message is delivered, and billed, twice.
    case duplicate

    /// The message is taken, and cannot be delivered.
    case undelivered(code: String = "UNDELIV")

    /// The message is delivered, and reported on, later.
    case reportDelay(by: Duration)

    /// Something between answers with HTTP and a page, as a load balancer does.
    case http(status: Int, afterProcessing: Bool = false)

    /// The answer is HTTP 200 and bytes that are no JSON.
    case garbage(afterProcessing: Bool = false)

    /// The date of the request is judged by a clock that is wrong, and the answer's `Date` is that clock's.
    case clockSkew(by: Duration)

    /// Whom a fault strikes.
    enum Scope: Sendable, Hashable {
        /// The request as a whole.
        case request
        /// Each message of the request by itself.
        case message
    }

    /// Whom the fault strikes, if the request brings messages.
    var scope: Scope {
        switch self {
        case .duplicate, .undelivered, .reportDelay: .message
        case .reject(let code, _, _): Self.isOfService(code) ? .message : .request
        default: .request
        }
    }

    /// Whether the fault is nothing without a message.
    var needsMessage: Bool {
        switch self {
        case .duplicate, .undelivered, .reportDelay: true
        default: false
        }
    }

    /// Whether a code is one of the service, rather than one of the gateway.
    static func isOfService(_ code: String) -> Bool {
        let name = ["isv.", "isp."].contains { code.hasPrefix($0) } ? code.dropFirst(4) : code[...]
        return !name.utf8.contains { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
    }

    /// The HTTP status of a code of the gateway.
    static func status(of code: String) -> Int {
        if code.hasPrefix("ServiceUnavailable") { return 503 }
        if code == "InternalError" { return 500 }
        if code.hasPrefix("Forbidden") || code == "NoPermission" { return 403 }
        return code.hasSuffix(".NotFound") ? 404 : 400
    }
}
