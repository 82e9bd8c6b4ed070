// SPDX-License-Identifier: Apache-2.0

import JSONOutput
import NIOHTTP1
import OTP
import OTPTesting
import SMSKit
import SendGuard
import Testing

@testable import OTPServer

/// Tests that the door of HTTP distinguishes the problems of the service, and does not hide other responses.
@Suite struct DoorTests {
    /// Returns the response of a service with a problem document.
    private static func response(_ problem: HTTPProblem, status: Int? = nil) -> HTTPDoorResponse {
        var headers: HTTPHeaders = ["content-type": "application/problem+json"]
        if let seconds = problem.retryAfter { headers.add(name: "retry-after", value: "\(seconds)") }
        return HTTPDoorResponse(status: status ?? problem.code.status, headers: headers, body: problem.document.bytes)
    }

    private static func error(_ response: HTTPDoorResponse, of operation: HTTPDoor.Operation = .issue) -> OTPError? {
        do throws(OTPError) {
            _ = try response.json(of: operation)
            return nil
        } catch {
            return error
        }
    }

    // No operation redeems a proof, and the service reports its own cancellation as an outage.
    @Test(arguments: OTPError.Code.all.filter { $0 != .invalidProof && $0 != .cancelled })
    func errorSurvivesTheResponse(code: OTPError.Code) {
        var error = OTPError(code, "a message")
        error.retryAfter = .seconds(7)
        error.attemptsRemaining = 3
        let received = Self.error(Self.response(HTTPProblem(error)))
        let merged: [OTPError.Code: OTPError.Code] = [
            .attemptsExhausted: DoorKind.http.exhausted, .keyUnavailable: DoorKind.http.keyUnavailable,
        ]
        #expect(received?.code == merged[code] ?? code)
        #expect(received?.attemptsRemaining == (code == .incorrectCode ? 3 : nil))
        let hasWait = [.locked, .rateLimited, .blocked, .storeUnavailable].contains(code)
        #expect(received?.retryAfter == (hasWait ? .seconds(7) : nil))
    }

    @Test(arguments: [HTTPProblem.Code.unauthorized, .tooManyWrongKeys, .internalError, .invalidRequest, .notFound])
    func otherProblemFailsTheTest(code: HTTPProblem.Code) {
        withKnownIssue { #expect(Self.error(Self.response(HTTPProblem(code)))?.code == .cancelled) }
    }

    @Test func responseWithAnotherStatusFailsTheTest() {
        withKnownIssue { _ = Self.error(Self.response(HTTPProblem(.expired), status: 404)) }
        withKnownIssue { _ = Self.error(HTTPDoorResponse(status: 200, headers: [:], body: [])) }
        withKnownIssue { _ = Self.error(Self.response(HTTPProblem(.expired), status: 201)) }
    }

    @Test func textThatCannotBeACodeIsMalformed() {
        for code in [HTTPProblem.Code.invalidRequest, .contentTooLarge] {
            #expect(Self.error(Self.response(HTTPProblem(code)), of: .check)?.code == .malformedCode)
        }
    }

    @Test(arguments: ["192.0.2.1", "2001:db8::1", "2001:db8:1:2:3:4:5:6", "::ffff:192.0.2.1"])
    func addressKeepsAllItsBytes(text: String) throws {
        let address = try #require(SourceAddress(text))
        #expect(SourceAddress(HTTPDoor.text(address)) == address)
    }

    @Test func doorRecordsTheResponses() async throws {
        try await Trial(store: .memory, door: .http, isMutant: false)
            .withPlace { place in
                let service = try await place.service()
                #expect(service.door.responses.isEmpty)
                let sent = try await service.issue()
                #expect(service.door.responses.count == 1)
                #expect(await service.attempt(sent.code, sent.token) == nil)
            }
    }
}
