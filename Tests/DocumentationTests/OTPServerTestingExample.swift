// SPDX-License-Identifier: Apache-2.0
// The catalogue of the module shows this file from here on.

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import OTP
import OTPServerTesting
import OTPTesting
import SMSKit
import Testing

/// Sends a request to the service, and returns the strings in the JSON object of the response.
func post(_ url: String, _ members: [String: String], key: String) async throws -> [String: String] {
    var request = HTTPClientRequest(url: url)
    request.method = .POST
    request.headers = ["Authorization": "Bearer \(key)", "Content-Type": "application/json"]
    request.body = .bytes(try JSONEncoder().encode(members))
    let response = try await HTTPClient.shared.execute(request, timeout: .seconds(10))
    let body = try await response.body.collect(upTo: 65_536)
    let json = try JSONSerialization.jsonObject(with: Data(body.readableBytesView)) as? [String: Any]
    return json?.compactMapValues { $0 as? String } ?? [:]
}

@Test func aNumberIsVerified() async throws {
    let number = try PhoneNumber("+65 9123 4567")
    let server = try TestOTPServer(policy: OTPPolicy(destinations: [.singapore]))
    try await server.run { url in
        var call = ["number": number.e164, "purpose": "sign-in"]
        call["token"] = try await post("\(url)/v1/verifications", call, key: server.apiKey)["token"]
        call["code"] = server.inbox.lastCode(to: number)
        let checked = try await post("\(url)/v1/verifications/check", call, key: server.apiKey)
        #expect(checked["proof"] != nil)
    }
}
