// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import AlibabaSMSEmulator
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Synchronization
import Testing

let secret = "s3cret"

func key(_ id: String = "LTAI-test", token: String? = nil) throws -> AlibabaCredential {
    try AlibabaCredential(accessKeyID: id, accessKeySecret: secret, securityToken: token)
}

/// An HTTP response with its whole body.
struct ReceivedResponse: Sendable {
    var status: Int
    var headers: HTTPHeaders
    var text: String

    var json: [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(self.text.utf8))) as? [String: Any] ?? [:]
    }

    /// The code in the response of the gateway or of the service.
    var code: String? { self.json["Code"] as? String ?? self.json["ResponseCode"] as? String }
}

/// A signed request that a test can modify before it is sent.
struct SpoilableRequest {
    var method = HTTPMethod.POST
    var query: String
    var headers: [(name: String, value: String)]
    var body: [UInt8] = []

    /// Signs a request to an emulator.
    init(
        to emulator: SMSGatewayEmulator.Server,
        action: String = "SendMessageToGlobe",
        version: String = "2018-05-01",
        parameters: [(String, String)] = [("To", "6591234567"), ("Message", "Your code is 123456")],
        asForm: Bool = false,
        token: String? = nil,
        date: Date = Date(),
        nonce: String = UUID().uuidString
    ) throws {
        let parameters = parameters.map { RequestParameter($0.0, $0.1) }
        self.body = asForm ? Array(parameters.canonicalQuery.utf8) : []
        self.query = asForm ? "" : parameters.canonicalQuery
        let request = RequestSigner.Request(
            host: "127.0.0.1:\(emulator.port)",
            action: action,
            version: version,
            query: asForm ? [] : parameters,
            contentType: asForm ? "application/x-www-form-urlencoded" : nil,
            body: self.body
        )
        self.headers = RequestSigner(credential: try key(token: token)).headers(for: request, date: date, nonce: nonce)
    }

    /// Creates a request whose headers or query already contain the signature.
    init(query: String, headers: [(name: String, value: String)], body: [UInt8]) {
        self.query = query
        self.headers = headers
        self.body = body
    }

    mutating func set(_ name: String, _ value: String?) {
        self.headers.removeAll { $0.name == name }
        if let value { self.headers.append((name, value)) }
    }

    func send(to emulator: SMSGatewayEmulator.Server) async throws -> ReceivedResponse {
        try await fetch(
            "\(emulator.baseURL)/\(self.query.isEmpty ? "" : "?\(self.query)")",
            method: self.method,
            headers: HTTPHeaders(self.headers.map { ($0.name, $0.value) }),
            body: self.body
        )
    }
}

func fetch(
    _ url: String,
    method: HTTPMethod = .GET,
    headers: HTTPHeaders = [:],
    body: [UInt8] = []
) async throws -> ReceivedResponse {
    var request = HTTPClientRequest(url: url)
    request.method = method
    request.headers = headers
    if !body.isEmpty { request.body = .bytes(body) }
    let response = try await HTTPClient.shared.execute(request, timeout: .seconds(70))
    let text = String(buffer: try await response.body.collect(upTo: 10_000_000))
    return ReceivedResponse(status: Int(response.status.code), headers: response.headers, text: text)
}

/// A reference clock that the test moves.
final class MovedTime: Sendable {
    private let time = Mutex(Date(timeIntervalSince1970: 1_800_000_000))

    var now: Date { self.time.withLock { $0 } }

    func add(_ seconds: TimeInterval) { self.time.withLock { $0.addTimeInterval(seconds) } }
}
