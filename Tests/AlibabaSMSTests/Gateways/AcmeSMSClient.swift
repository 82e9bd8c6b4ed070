// SPDX-License-Identifier: Apache-2.0
// Docs/Gateways.md shows this file from here on; a test compares the two.
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
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

    /// The settings of AsyncHTTPClient.
    ///
    /// With the default settings, AsyncHTTPClient retries a refused connection until the deadline, and then reports a timeout.
    static var httpConfiguration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(1))
        )
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    func send(_ message: SMSMessage, timeout: Duration) async -> SMSSendOutcome {
        do {
            let response = try await self.post(message, within: timeout)
            return Self.outcome(status: response.status, body: response.body)
        } catch {
            return Self.outcome(withoutResponse: error)
        }
    }

    private func post(_ message: SMSMessage, within timeout: Duration) async throws -> (status: Int, body: [UInt8]) {
        var request = HTTPClientRequest(url: "\(self.baseURL)/messages")
        request.method = .POST
        request.headers.add(name: "authorization", value: "Bearer \(self.apiKey)")
        request.headers.add(name: "content-type", value: "application/json")
        let order = Order(to: message.recipient.e164, text: message.text, id: message.dispatchID)
        request.body = .bytes(Array(try JSONEncoder().encode(order)))
        let response = try await self.http.execute(request, timeout: TimeAmount(timeout))
        let body = try await response.body.collect(upTo: 64 * 1024)
        return (Int(response.status.code), Array(body.readableBytesView))
    }

    /// Returns the outcome of a request with a response.
    ///
    /// The HTTP status alone proves nothing, because a proxy may have sent the response. The body must also state the outcome.
    private static func outcome(status: Int, body: [UInt8]) -> SMSSendOutcome {
        let reply = try? JSONDecoder().decode(Reply.self, from: Data(body))
        if status == 202, let id = reply?.id {
            return .accepted(SMSReceipt(messageID: id, segments: reply?.segments))
        }
        if (400..<500).contains(status), status != 408, let code = reply?.error {
            return .rejected(Self.error(code))
        }
        let message = "the response does not state the outcome"
        return .unknown(SMSError(code: "http\(status)", kind: .transient, message: message))
    }

    /// Converts an error code with the error table of the gateway.
    ///
    /// An unknown code is omitted, because it may quote the request.
    private static func error(_ code: String) -> SMSError {
        let kinds: [String: SMSError.Kind] = [
            "invalid_number": .number, "no_credit": .balance, "rate_limit": .throttled, "wrong_key": .auth,
        ]
        let message = "the gateway rejected the message"
        guard let kind = kinds[code] else { return SMSError(code: "other", kind: .unknown, message: message) }
        return SMSError(code: code, kind: kind, message: message)
    }

    /// Returns the outcome of a request without a response.
    ///
    /// The outcome is `rejected` only if the request was definitely not written.
    private static func outcome(withoutResponse error: any Error) -> SMSSendOutcome {
        let isUnwritten: Bool
        switch error {
        case is NIOConnectionError, NIOSSLError.handshakeFailed:
            isUnwritten = true
        case let error as IOError:
            // For an IP address, NIO reports the error of the system call. `ECONNREFUSED` occurs only while connecting.
            isUnwritten = error.errnoCode == ECONNREFUSED
        case let error as HTTPClientError:
            let beforeWriting: [HTTPClientError] = [
                .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout, .alreadyShutdown,
            ]
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
