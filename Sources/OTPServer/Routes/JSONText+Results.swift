// SPDX-License-Identifier: Apache-2.0

import Foundation
import JSONOutput
import OTP

/// The JSON bodies of successful responses.
extension JSONText {
    /// Creates the response body for a challenge that was just issued or resent.
    init(_ challenge: Challenge, codeLength: Int) {
        self = [
            "token": .string(challenge.token.text), "challengeID": .string(challenge.token.challengeID),
            "expiresAt": .string(challenge.expiresAt.rfc3339),
            "resendAllowedAt": Self.time(challenge.resendAllowedAt), "codeLength": .int(codeLength),
            "attemptsRemaining": .int(challenge.attemptsRemaining),
        ]
    }

    /// Creates the response body for a repeated request, with the current state of its challenge.
    init(_ token: ChallengeToken, _ status: ChallengeStatus, codeLength: Int) {
        self = [
            "token": .string(token.text), "challengeID": .string(token.challengeID),
            "expiresAt": .string(status.expiresAt.rfc3339),
            "resendAllowedAt": Self.time(status.resendAllowedAt), "codeLength": .int(codeLength),
            "attemptsRemaining": .int(status.attemptsRemaining),
        ]
    }

    /// Creates the response body with the state of a challenge.
    init(_ status: ChallengeStatus, codeLength: Int) {
        self = [
            "readAt": .string(status.readAt.rfc3339), "expiresAt": .string(status.expiresAt.rfc3339),
            "resendAllowedAt": Self.time(status.resendAllowedAt), "codeLength": .int(codeLength),
            "attemptsRemaining": .int(status.attemptsRemaining), "sendCount": .int(status.sendCount),
        ]
    }

    /// Creates the response body for a verified phone number.
    init(_ proof: VerificationProof, _ device: DeviceToken?) {
        var members: [(name: String, value: JSONText)] = [
            ("proof", .string(proof.token)), ("expiresAt", .string(proof.expiresAt.rfc3339)),
        ]
        if let device { members.append(("deviceToken", .string(device.text))) }
        self = .object(members)
    }

    private static func time(_ date: Date?) -> JSONText { date.map { .string($0.rfc3339) } ?? .null }
}
