import AlibabaSMS
import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore

/// The gateway itself: `POST /`.
struct GatewayRoute: Sendable {
    static let maximumBodySize = 512 * 1024

    let checks: GatewayChecks
    let rules = SendRules()
    let inbox: Inbox
    let now: @Sendable () -> Date

    func respond(to request: Request, requestID: String) async -> Response {
        let authority = request.head.authority ?? ""
        let body: [UInt8]
        do {
            body = Array(try await request.body.collect(upTo: Self.maximumBodySize).readableBytesView)
        } catch {
            let fault = GatewayFault(413, "InvalidParameter", "The body is too big or was cut off.")
            return self.response(to: fault, requestID: requestID, host: authority)
        }
        var call = GatewayCall(request, body: body)
        do {
            try self.checks.run(&call, at: self.now())
        } catch {
            return self.response(to: error, requestID: requestID, host: authority)
        }
        do {
            let draft = try self.rules.message(from: call, requestID: requestID, at: self.now())
            return self.response(to: await self.inbox.append(draft))
        } catch {
            return self.response(200, requestID: requestID, BusinessAnswer(error, requestID: requestID))
        }
    }

    private func response(to fault: GatewayFault, requestID: String, host: String) -> Response {
        self.response(
            fault.status,
            requestID: requestID,
            FaultAnswer(
                requestID: requestID,
                hostID: host,
                code: fault.code,
                message: fault.message,
                recommend: "https://api.alibabacloud.com/troubleshoot?q=\(fault.code)&product=Dysmsapi"
            )
        )
    }

    private func response(to message: InboxMessage) -> Response {
        self.response(200, requestID: message.requestID, BusinessAnswer(message))
    }

    private func response(_ status: Int, requestID: String, _ answer: some Encodable) -> Response {
        var headers: HTTPFields = [.contentType: "application/json;charset=utf-8"]
        if let name = HTTPField.Name("x-acs-request-id") { headers[name] = requestID }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let body = (try? encoder.encode(answer)) ?? Data("{}".utf8)
        return Response(
            status: .init(code: status),
            headers: headers,
            body: .init(byteBuffer: ByteBuffer(bytes: body))
        )
    }
}

/// The shape of a refusal by the gateway.
private struct FaultAnswer: Encodable {
    var requestID: String
    var hostID: String
    var code: String
    var message: String
    var recommend: String

    private enum CodingKeys: String, CodingKey {
        case requestID = "RequestId"
        case hostID = "HostId"
        case code = "Code"
        case message = "Message"
        case recommend = "Recommend"
    }
}

/// The shape of an answer by the service, good or bad; all values are texts.
private struct BusinessAnswer: Encodable {
    struct NumberDetail: Encodable {
        var country = "Emulated"
        var region = "Emulated"
        var carrier = "Emulator, nothing is sent"

        private enum CodingKeys: String, CodingKey {
            case country = "Country"
            case region = "Region"
            case carrier = "Carrier"
        }
    }

    var responseCode: String
    var responseDescription: String
    var requestID: String
    var messageID: String?
    var to: String?
    var from: String?
    var segments: String?
    var numberDetail: NumberDetail?

    init(_ message: InboxMessage) {
        self.responseCode = "OK"
        self.responseDescription = "The SMS Send Request was accepted"
        self.requestID = message.requestID
        self.messageID = message.messageID
        self.to = String(message.to.dropFirst())
        self.from = message.from
        self.segments = "\(message.segments)"
        self.numberDetail = NumberDetail()
    }

    init(_ fault: BusinessFault, requestID: String) {
        self.responseCode = fault.code
        self.responseDescription = fault.message
        self.requestID = requestID
    }

    private enum CodingKeys: String, CodingKey {
        case responseCode = "ResponseCode"
        case responseDescription = "ResponseDescription"
        case requestID = "RequestId"
        case messageID = "MessageId"
        case to = "To"
        case from = "From"
        case segments = "Segments"
        case numberDetail = "NumberDetail"
    }
}
