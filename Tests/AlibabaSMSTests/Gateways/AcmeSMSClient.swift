// Docs/Gateways.md shows this file from here on; a test compares the two.
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import SMSKit

/// A client of an imaginary gateway with a JSON API.
struct AcmeSMSClient: SMSClient {
    private struct Order: Encodable {
        var to: String
        var text: String
        var id: String?
    }

    private struct Reply: Decodable {
        var id: String?
        var segments: Int?
        var error: String?
    }

    let baseURL: String
    let apiKey: String
    let http: HTTPClient

    func send(_ message: SMSMessage, timeout: Duration) async -> SMSSendOutcome {
        let response: (status: Int, body: [UInt8])
        do {
            response = try await self.post(message, within: timeout)
        } catch {
            return Self.outcome(withoutResponse: error)
        }
        let reply = try? JSONDecoder().decode(Reply.self, from: Data(response.body))
        switch (response.status, reply?.id, reply?.error) {
        case (202, let id?, _):
            return .accepted(SMSReceipt(messageID: id, segments: reply?.segments))
        case (400..<500, _, let code?):
            // Only a code from the gateway itself is a rejection. A proxy sends statuses, too.
            return .rejected(
                SMSError(
                    code: Self.known[code] == nil ? "other" : code,
                    kind: Self.known[code] ?? .unknown,
                    message: "the gateway rejected the message"
                )
            )
        default:
            return .unknown(
                SMSError(
                    code: "http\(response.status)",
                    kind: .transient,
                    message: "the response does not state the outcome"
                )
            )
        }
    }

    /// The error table of the gateway.
    private static let known: [String: SMSError.Kind] = [
        "invalid_number": .number, "no_credit": .balance, "rate_limit": .throttled, "wrong_key": .auth,
    ]

    private func post(_ message: SMSMessage, within timeout: Duration) async throws -> (status: Int, body: [UInt8]) {
        var request = HTTPClientRequest(url: "\(self.baseURL)/messages")
        request.method = .POST
        request.headers.add(name: "authorization", value: "Bearer \(self.apiKey)")
        request.headers.add(name: "content-type", value: "application/json")
        let order = Order(to: message.recipient.e164, text: message.text, id: message.dispatchID)
        request.body = .bytes(try JSONEncoder().encode(order))
        let response = try await self.http.execute(request, timeout: TimeAmount(timeout))
        let body = try await response.body.collect(upTo: 64 * 1024)
        return (Int(response.status.code), Array(body.readableBytesView))
    }

    /// Classifies a failure without a response: `rejected` only if no connection was established.
    private static func outcome(withoutResponse error: any Error) -> SMSSendOutcome {
        let isUnwritten: Bool
        switch error {
        case is NIOConnectionError, NIOSSLError.handshakeFailed:
            isUnwritten = true
        case let error as HTTPClientError:
            let beforeWriting: [HTTPClientError] = [.connectTimeout, .tlsHandshakeTimeout, .alreadyShutdown]
            isUnwritten = beforeWriting.contains(error)
        default:
            isUnwritten = false
        }
        guard isUnwritten else {
            return .unknown(SMSError(code: "noResponse", kind: .transient, message: "the gateway did not respond"))
        }
        return .rejected(SMSError(code: "unreachable", kind: .transient, message: "no connection to the gateway"))
    }
}
