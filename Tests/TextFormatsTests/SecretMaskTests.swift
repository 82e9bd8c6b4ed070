// SPDX-License-Identifier: Apache-2.0

import Foundation
import Redaction
import SeededRandom
import Testing

/// Tests of the mask for phone numbers and secrets in logs and metrics (REQ-67).
@Suite struct SecretMaskTests {
    @Test(arguments: [
        ("+6591234567", "[number]"), ("to +65 9123 4567 now", "to [number] now"), ("(+1) 718-555-0100", "([number]"),
        ("+1 (718) 555-0100.", "[number]."), ("6591234567", "[number]"), ("login-6591234567", "login-[number]"),
        ("number91234567x", "number[number]x"), ("/v1/91234567?a=b", "/v1/[number]?a=b"),
        ("a_91234567_b", "a_[number]_b"), ("To=%2B6591234567&x", "To=%2B[number]&x"),
        ("a%3D6591234567", "a%3D[number]"),
    ])
    func numbersAreMasked(text: String, masked: String) {
        #expect(SecretMask.masked(text) == masked)
    }

    @Test(arguments: [
        "ak1.web.Zk3vQ1xT9bLw8sYpRr0aMnCdEfGhIjKlMnOpQrStUvW", "v1.abcDEF0123456789abcDEF0123456789abcDEF0123",
        "redis://u:Zk3vQ1xT9bLw8sYpRr0aMnCdEfGhIj@host", "LTAI5tQ9XxKcYzVbNmAsDfGhJkLpOiUyTr",
        "otpk_Zk3vQ1xT9bLw8sYpRr0aMnCdEfGhIjKl",
    ])
    func secretsAreMasked(text: String) {
        let masked = SecretMask.masked(text)
        #expect(
            masked.contains("[secret]") && !masked.contains("Zk3v") && !masked.contains("DEF0")
                && !masked.contains("tQ9X")
        )
    }

    @Test func keysOfTheServiceAreMasked() {
        var random = SplitMix64(seed: 14)
        for _ in 0..<200 {
            let key = Data((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }).base64EncodedString()
            #expect(SecretMask.masked("k1:\(key),k2:\(key)") == "k1:[secret],k2:[secret]", "\(key)")
        }
    }

    @Test(arguments: [
        "", "ok", "2026-11-28T12:00:00.000Z", "0af7651916cd43dd8448eb211c80319c",
        "12345678-1234-4abc-8abc-123456789012",
        "900619746936498440^0", "9f86d08188", "1234567", "12 345 678", "+65****67", "10.0.0.0/8", "127.0.0.1:58080",
        "CredentialCouldNotBeFetchedBecauseOfTheNetwork", "sha256.", "take 0.012345 s",
        "D2A8E1F0-1234-5678-9ABC-DEF012345678",
    ])
    func otherTextIsKept(text: String) {
        #expect(SecretMask.masked(text) == text)
    }

    @Test func maskedTextIsNotChangedAgainAndKeepsOtherCharacters() {
        var random = SplitMix64(seed: 13)
        let characters = Array("0123456789+-_ .abcXYZ\u{E9}\n\"")
        for _ in 0..<2000 {
            let text = String((0..<60).map { _ in characters.randomElement(using: &random) ?? "0" })
            let masked = SecretMask.masked(text)
            #expect(SecretMask.masked(masked) == masked, "\(text)")
            #expect(masked.firstMatch(of: /(?:^|[^0-9a-fA-F])[0-9]{8,15}(?![0-9a-fA-F])/) == nil, "\(text)")
        }
    }
}
