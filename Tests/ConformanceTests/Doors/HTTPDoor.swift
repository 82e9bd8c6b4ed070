// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Foundation
import JSONOutput
import NIOCore
import NIOHTTP1
import OTP
import OTPServer
import SMSKit
import SendGuard
import StrictJSON
import Synchronization
import Testing

/// The operations as requests to a running HTTP service.
///
/// Each error is the problem document of a response. A response that the service must not send to a correct client fails the
/// test.
final class HTTPDoor: Door {
    /// A client that opens enough connections for the callers of a race.
    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = DoorKind.http.callers(.max)
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    private let url: String
    private let key: String
    private let sendsIdempotencyKeys: Bool
    private let received = Mutex<[HTTPDoorResponse]>([])

    /// Creates a door.
    ///
    /// - Parameters:
    ///   - port: The port of the service on the loopback interface.
    ///   - key: The secret text of an API key.
    ///   - sendsIdempotencyKeys: Whether each request for a message has a new idempotency key.
    init(port: Int, key: String, sendsIdempotencyKeys: Bool) {
        self.url = "http://127.0.0.1:\(port)/v1/verifications"
        self.key = key
        self.sendsIdempotencyKeys = sendsIdempotencyKeys
    }

    var responses: [String] { self.received.withLock { $0 }.map(\.description) }

    // MARK: Operations

    func issue(
        for number: PhoneNumber,
        purpose: OTPPurpose,
        context: [String],
        client: ClientInfo
    ) async throws(OTPError) -> Challenge {
        let members = Self.members(number, purpose: purpose, context: context, client: client)
        return try Self.challenge(try await self.perform(.issue, members))
    }

    func resend(
        for number: PhoneNumber,
        token: ChallengeToken,
        purpose: OTPPurpose
    ) async throws(OTPError) -> Challenge {
        let members = Self.members(number, token, purpose: purpose)
        return try Self.challenge(try await self.perform(.resend, members))
    }

    func verify(
        _ code: String,
        for number: PhoneNumber,
        token: ChallengeToken,
        purpose: OTPPurpose,
        context: [String],
        client: ClientInfo
    ) async throws(OTPError) -> VerificationProof {
        let members = Self.members(number, token, purpose: purpose, context: context, client: client)
        let json = try await self.perform(.check, members + [("code", .string(code))])
        guard let proof = json["proof"]?.string, let expiry = Self.date(json["expiresAt"]) else {
            throw Self.unexpected("a proof with other members")
        }
        return VerificationProof(phoneNumber: number, purpose: purpose, expiresAt: expiry, token: proof)
    }

    func cancel(for number: PhoneNumber, token: ChallengeToken) async throws(OTPError) {
        _ = try await self.perform(.cancel, Self.members(number, token))
    }

    func status(for number: PhoneNumber, token: ChallengeToken) async throws(OTPError) -> ChallengeStatus {
        let json = try await self.perform(.status, Self.members(number, token))
        guard
            let readAt = Self.date(json["readAt"]), let expiresAt = Self.date(json["expiresAt"]),
            let attempts = json["attemptsRemaining"]?.int64, let sends = json["sendCount"]?.int64
        else { throw Self.unexpected("a status with other members") }
        return ChallengeStatus(
            readAt: readAt,
            expiresAt: expiresAt,
            resendAllowedAt: Self.date(json["resendAllowedAt"]),
            attemptsRemaining: Int(attempts),
            sendCount: Int(sends)
        )
    }

    func issue(toText number: String, fromText address: String?) async -> TextOutcome {
        var members: Members = [("number", .string(number)), ("purpose", .string(OTPPurpose.signIn.rawValue))]
        if let address { members.append(("client", ["address": .string(address)])) }
        do throws(OTPError) {
            let response = try await self.send(.issue, members)
            if let outcome = response.malformedText { return outcome }
            return .sent(try Self.challenge(try response.json(of: .issue)).token)
        } catch {
            return .refused(error.code)
        }
    }

    // MARK: Requests

    /// The operations with their routes and the statuses of their successful responses.
    enum Operation: String {
        case issue, check, resend, cancel, status

        var path: String { self == .issue ? "" : "/\(self.rawValue)" }

        var success: Int {
            switch self {
            case .issue: 201
            case .check, .status: 200
            case .resend: 202
            case .cancel: 204
            }
        }
    }

    private typealias Members = [(name: String, value: JSONText)]

    private static func members(
        _ number: PhoneNumber,
        _ token: ChallengeToken? = nil,
        purpose: OTPPurpose? = nil,
        context: [String] = [],
        client: ClientInfo = ClientInfo()
    ) -> Members {
        var members: Members = [("number", .string(number.e164))]
        if let token { members.append(("token", .string(token.text))) }
        if let purpose { members.append(("purpose", .string(purpose.rawValue))) }
        if !context.isEmpty { members.append(("context", .array(context.map { .string($0) }))) }
        if let source = client.source { members.append(("client", ["address": .string(Self.text(source))])) }
        return members
    }

    /// Returns the text form of an address, whose description contains only its network.
    static func text(_ source: SourceAddress) -> String {
        guard source.bytes.count == 16 else { return source.bytes.map(String.init).joined(separator: ".") }
        return stride(from: 0, to: 16, by: 2)
            .map { String(UInt16(source.bytes[$0]) << 8 | UInt16(source.bytes[$0 + 1]), radix: 16) }
            .joined(separator: ":")
    }

    /// Sends a request, and returns the body of the successful response.
    private func perform(_ operation: Operation, _ members: Members) async throws(OTPError) -> JSON {
        try await self.send(operation, members).json(of: operation)
    }

    private func send(_ operation: Operation, _ members: Members) async throws(OTPError) -> HTTPDoorResponse {
        var request = HTTPClientRequest(url: self.url + operation.path)
        request.method = .POST
        request.headers = ["authorization": "Bearer \(self.key)", "content-type": "application/json"]
        if self.sendsIdempotencyKeys, operation == .issue || operation == .resend {
            request.headers.add(name: "idempotency-key", value: UUID().uuidString)
        }
        request.body = .bytes(JSONText.object(members).bytes)
        let response: HTTPDoorResponse
        do {
            let reply = try await Self.client.execute(request, timeout: .seconds(60))
            response = HTTPDoorResponse(
                status: Int(reply.status.code),
                headers: reply.headers,
                body: Array(try await reply.body.collect(upTo: 1 << 20).readableBytesView)
            )
        } catch {
            // A caller that was cancelled does not read the response.
            if Task.isCancelled { throw OTPError(.cancelled, "cancelled") }
            throw Self.unexpected("no response: \(error)")
        }
        self.received.withLock { $0.append(response) }
        return response
    }

    // MARK: Responses

    private static func challenge(_ json: JSON) throws(OTPError) -> Challenge {
        guard
            let text = json["token"]?.string, let token = try? ChallengeToken(text),
            let expiresAt = Self.date(json["expiresAt"]), let attempts = json["attemptsRemaining"]?.int64
        else { throw Self.unexpected("a challenge with other members") }
        return Challenge(
            token: token,
            expiresAt: expiresAt,
            resendAllowedAt: Self.date(json["resendAllowedAt"]),
            attemptsRemaining: Int(attempts),
            // A response does not state whether the gateway has confirmed the message.
            delivery: .unknown
        )
    }

    private static func date(_ json: JSON?) -> Date? { json?.string.flatMap { Date(rfc3339: $0) } }

    /// Fails the test, and returns an error that no row expects.
    static func unexpected(_ text: String) -> OTPError {
        Issue.record("unexpected response of the HTTP service: \(text)")
        return OTPError(.cancelled, text)
    }
}
