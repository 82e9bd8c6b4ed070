// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import Webhooks

/// Tests of signatures and secrets.
@Suite struct WebhookSecretTests {
    /// A webhook with its signature.
    struct Vector: Sendable {
        var secret: String
        var id: String
        var timestamp: Int
        var body: String
        var signature: String
    }

    private static let long =
        "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw=="

    /// The first vector is the example of the Standard Webhooks libraries.
    ///
    /// All vectors were computed with the modules `hmac` and `hashlib` of Python 3:
    /// `base64(hmac.new(base64decode(secret[6:]), f"{id}.{timestamp}.".encode() + body, sha256).digest())`.
    static let vectors = [
        Vector(
            secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
            timestamp: 1_614_265_330,
            body: #"{"test": 2432232314}"#,
            signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        ),
        Vector(
            secret: "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX",
            id: "msg_1",
            timestamp: 1_700_000_000,
            body: "",
            signature: "v1,1mgOj6TVhp3BSMcTTSkIcSqwMImLcuoATUkCX45722Q="
        ),
        Vector(
            secret: Self.long,
            id: "msg_2",
            timestamp: 1_700_000_000,
            body: #"{"type":"otp.verification.verified","data":{"number":"+65****67"}}"#,
            signature: "v1,n3wVjUCZCGdKSVuhDZOiRnb7auGUrJdY771oQKzHOrA="
        ),
        Vector(
            secret: Self.long,
            id: "msg_3",
            timestamp: 0,
            body: #"{"name":"验证码 é"}"#,
            signature: "v1,d4I8ZP9kH7Q/XKyFUXlpPEwEbV3HA3FcVcvXBSe+4Gc="
        ),
    ]

    @Test(arguments: vectors) func signatureIsThatOfTheVector(vector: Vector) throws {
        let secret = try WebhookSecret(vector.secret)
        let signature = secret.signature(of: Array(vector.body.utf8), id: vector.id, timestamp: vector.timestamp)
        #expect(signature == vector.signature)
        try WebhookVerifier([secret])
            .verify(
                Data(vector.body.utf8),
                id: vector.id,
                timestamp: "\(vector.timestamp)",
                signature: vector.signature,
                at: Date(timeIntervalSince1970: Double(vector.timestamp))
            )
    }

    @Test(arguments: [
        "", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRY=",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa w",
        "whsec_" + Data(repeating: 7, count: 23).base64EncodedString(),
        "whsec_" + Data(repeating: 7, count: 65).base64EncodedString(),
    ])
    func textWithAnotherFormIsRefused(text: String) {
        let error = #expect(throws: WebhookError.self) { try WebhookSecret(text) }
        #expect(error?.code == .invalidSecret)
        #expect(text.count < 10 || error?.description.contains(text.suffix(10)) == false)
    }

    @Test func descriptionsContainNoSecret() throws {
        let secret = try WebhookSecret(Self.vectors[0].secret)
        var dumped = ""
        dump(secret, to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), dumped] { #expect(!text.contains("MfKQ")) }
    }
}
