// SPDX-License-Identifier: Apache-2.0
// The catalogue of the module shows this file from here on.

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import OTP
import OTPServerTesting
import OTPTesting
import SMSKit
import Testing

@Test func theServiceSendsACode() async throws {
    let number = try PhoneNumber("+65 9123 4567")
    let server = try TestOTPServer(policy: OTPPolicy(destinations: [.singapore]))
    try await server.run { url in
        var request = HTTPClientRequest(url: "\(url)/v1/verifications")
        request.method = .POST
        request.headers = ["Authorization": "Bearer \(server.apiKey)", "Content-Type": "application/json"]
        request.body = .bytes(Array(#"{"number":"\#(number.e164)","purpose":"sign-in"}"#.utf8))
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(10))
        #expect(response.status == .created)
        #expect(server.inbox.lastCode(to: number)?.count == 6)
    }
}
