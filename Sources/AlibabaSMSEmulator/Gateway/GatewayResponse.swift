// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import JSONOutput
import NIOCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A response of the gateway, or of the SMS service behind the gateway, before encoding.
struct GatewayResponse: Sendable {
    var status: Int
    var requestID: String
    /// The response code from the gateway or the SMS service.
    var code: String
    /// The IDs of the accepted messages.
    var messageIDs: [String]
    /// The delay before a retry in milliseconds; `nil` if the response states none.
    var retryAfter: Int?

    private var body: any Encodable & Sendable

    /// Creates a response of the SMS service.
    init(_ response: ServiceResponse) {
        self.status = 200
        self.requestID = response.requestID
        self.code = response.code
        self.messageIDs = response.messageIDs
        self.body = response
    }

    /// Creates an error response of the gateway.
    init(_ error: GatewayError, requestID: String, host: String) {
        self.status = error.status
        self.requestID = requestID
        self.code = error.code
        self.messageIDs = []
        self.retryAfter = error.retryAfter
        self.body = ErrorBody(
            requestID: requestID,
            hostID: host,
            code: error.code,
            message: error.message,
            recommend: "https://api.alibabacloud.com/troubleshoot?q=\(error.code)&product=Dysmsapi",
            accessDenied: error.accessDenied
        )
        guard error.usesServiceFormat else { return }
        self.body = ServiceResponse(ServiceError(error.code, error.message), requestID: requestID)
    }

    /// Creates an error response of the SMS service.
    init(_ error: ServiceError, requestID: String) {
        self.init(ServiceResponse(error, requestID: requestID))
        self.status = error.status
        self.retryAfter = error.retryAfter
    }

    /// The encoded HTTP response.
    var http: Response {
        var headers: HTTPFields = [.contentType: "application/json;charset=utf-8"]
        if let name = HTTPField.Name("x-acs-request-id") { headers[name] = self.requestID }
        if let name = HTTPField.Name("x-acs-retry-after"), let retryAfter { headers[name] = "\(retryAfter)" }
        let body = (try? JSONEncoder.compact.encode(self.body)) ?? Data("{}".utf8)
        return Response(
            status: .init(code: self.status),
            headers: headers,
            body: .init(byteBuffer: ByteBuffer(bytes: body))
        )
    }
}

/// The body of an error response of the gateway.
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
