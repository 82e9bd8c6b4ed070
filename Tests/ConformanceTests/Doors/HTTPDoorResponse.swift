// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1
import OTP
import OTPServer
import StrictJSON

/// A response of an HTTP service, as a client reads it.
struct HTTPDoorResponse: CustomStringConvertible {
    var status: Int
    var headers: HTTPHeaders
    var body: [UInt8]

    /// The status, the header fields and the body.
    var description: String { "\(self.status) \(self.headers) \(self.text)" }

    private var text: String { String(decoding: self.body, as: UTF8.self) }

    private static let prefix = "urn:swift-otp:problem:"

    /// The error code for each problem code.
    private static let codes: [HTTPProblem.Code: OTPError.Code] = [
        .malformedCode: .malformedCode, .invalidToken: .invalidToken, .destinationNotAllowed: .destinationNotAllowed,
        .numberDisabled: .disabled, .humanCheckRequired: .humanCheckRequired, .expired: .expired,
        .incorrectCode: .incorrectCode, .locked: .locked, .rateLimited: .rateLimited, .resendsExhausted: .rateLimited,
        .blocked: .blocked, .deliveryFailed: .deliveryFailed, .unavailable: .storeUnavailable,
    ]

    /// The outcome of a request whose number or address is malformed; `nil` if the response reports no such request.
    var malformedText: TextOutcome? {
        guard let (code, json) = self.problem else { return nil }
        if code == .invalidNumber { return .malformedNumber }
        let isAddress = json["detail"]?.string?.hasPrefix("The member client.address ") == true
        return code == .invalidRequest && isAddress ? .malformedAddress : nil
    }

    /// The problem in the body; `nil` if the response is not a problem document with the status of its problem.
    private var problem: (code: HTTPProblem.Code, json: JSON)? {
        guard self.headers["content-type"] == ["application/problem+json"],
            let json = try? JSON(parsing: self.body, rules: .ownFormat), let type = json["type"]?.string,
            let code = HTTPProblem.Code.all.first(where: { Self.prefix + $0.description == type }),
            code.status == self.status, json["status"]?.int64 == Int64(self.status),
            self.headers["retry-after"] == (json["retryAfter"]?.int64.map { ["\($0)"] } ?? [])
        else { return nil }
        return (code, json)
    }

    /// Returns the body of a successful response.
    ///
    /// - Parameter operation: The operation of the request.
    /// - Returns: The body; `null` if the response has no body.
    /// - Throws: The error of the problem document.
    func json(of operation: HTTPDoor.Operation) throws(OTPError) -> JSON {
        guard self.status == operation.success else { throw self.error(of: operation) }
        if self.body.isEmpty, operation == .cancel { return .null }
        guard self.headers["content-type"] == ["application/json"],
            let json = try? JSON(parsing: self.body, rules: .ownFormat)
        else { throw HTTPDoor.unexpected("\(self.status) without JSON") }
        return json
    }

    private func error(of operation: HTTPDoor.Operation) -> OTPError {
        guard let (problem, json) = self.problem else { return HTTPDoor.unexpected("\(self)") }
        // A text that cannot be a code may also make the whole body malformed or too large.
        let isMalformed = operation == .check && (problem == .invalidRequest || problem == .contentTooLarge)
        guard let code = isMalformed ? .malformedCode : Self.codes[problem] else {
            return HTTPDoor.unexpected("\(self)")
        }
        var error = OTPError(code, self.text)
        error.retryAfter = json["retryAfter"]?.int64.map { .seconds($0) }
        error.attemptsRemaining = json["attemptsRemaining"]?.int64.map { Int($0) }
        return error
    }
}
