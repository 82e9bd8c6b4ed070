/// A refusal by the gateway in front of the service: an HTTP status and a code.
struct GatewayFault: Error, Sendable, Hashable {
    var status: Int
    var code: String
    var message: String

    init(_ status: Int, _ code: String, _ message: String) {
        self.status = status
        self.code = code
        self.message = message
    }
}

/// A refusal by the service behind the gateway: HTTP 200 and a code.
struct BusinessFault: Error, Sendable, Hashable {
    var code: String
    var message: String

    init(_ code: String, _ message: String) {
        self.code = code
        self.message = message
    }
}
