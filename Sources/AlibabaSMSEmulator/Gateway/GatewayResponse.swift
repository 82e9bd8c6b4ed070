import FoundationEssentials
import HTTPTypes
import Hummingbird
import JSONOutput
import NIOCore

/// What the gateway answers to one request, before it is bytes.
struct GatewayResponse: Sendable {
    var status: Int
    var requestID: String
    /// The code of whoever answers: the gateway or the service.
    var code: String
    /// The messages that were taken.
    var messageIDs: [String]
    /// After how many milliseconds the request may be made again.
    var retryAfter: Int?

    private var answer: any Encodable & Sendable

    /// An answer by the service.
    init(_ answer: ServiceResponse) {
        self.status = 200
        self.requestID = answer.requestID
        self.code = answer.code
        self.messageIDs = answer.messageIDs
        self.answer = answer
    }

    /// A refusal by the gateway.
    init(_ fault: GatewayError, requestID: String, host: String) {
        self.status = fault.status
        self.requestID = requestID
        self.code = fault.code
        self.messageIDs = []
        self.retryAfter = fault.retryAfter
        self.answer = ErrorBody(
            requestID: requestID,
            hostID: host,
            code: fault.code,
            message: fault.message,
            recommend: "https://api.alibabacloud.com/troubleshoot?q=\(fault.code)&product=Dysmsapi",
            accessDenied: fault.accessDenied
        )
        guard fault.usesServiceFormat else { return }
        self.answer = ServiceResponse(ServiceError(fault.code, fault.message), requestID: requestID)
    }

    /// A refusal by the service.
    init(_ fault: ServiceError, requestID: String) {
        self.init(ServiceResponse(fault, requestID: requestID))
        self.status = fault.status
        self.retryAfter = fault.retryAfter
    }

    var response: Response {
        var headers: HTTPFields = [.contentType: "application/json;charset=utf-8"]
        if let name = HTTPField.Name("x-acs-request-id") { headers[name] = self.requestID }
        if let name = HTTPField.Name("x-acs-retry-after"), let retryAfter { headers[name] = "\(retryAfter)" }
        let body = (try? JSONEncoder.compact.encode(self.answer)) ?? Data("{}".utf8)
        return Response(
            status: .init(code: self.status),
            headers: headers,
            body: .init(byteBuffer: ByteBuffer(bytes: body))
        )
    }
}

/// The shape of a refusal by the gateway.
private struct ErrorBody: Encodable {
    var requestID: String
    var hostID: String
    var code: String
    var message: String
    var recommend: String
    var accessDenied: AccessDenial?

    private enum CodingKeys: String, CodingKey {
        case requestID = "RequestId"
        case hostID = "HostId"
        case code = "Code"
        case message = "Message"
        case recommend = "Recommend"
        case accessDenied = "AccessDeniedDetail"
    }
}
