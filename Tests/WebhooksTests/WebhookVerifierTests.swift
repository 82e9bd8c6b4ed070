// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import Webhooks

/// Tests that the verifier rejects changed, old and repeated webhooks (REQ-65).
@Suite struct WebhookVerifierTests {
    /// A signed webhook in the form that a receiver gets.
    private struct Received {
        var body = Array(#"{"type":"otp.verification.verified"}"#.utf8)
        var id = "msg_1"
        var timestamp = "1700000000"
        var signature = ""

        init(_ secrets: [WebhookSecret]) {
            let (body, id) = (self.body, self.id)
            self.signature = secrets.map { $0.signature(of: body, id: id, timestamp: 1_700_000_000) }
                .joined(separator: " ")
        }
    }

    private static let start = Date(timeIntervalSince1970: 1_700_000_000)

    private static func secret(_ byte: UInt8) throws -> WebhookSecret {
        try WebhookSecret("whsec_" + Data(repeating: byte, count: 32).base64EncodedString())
    }

    /// Returns the error of a verification, or `nil` if the webhook is accepted.
    private static func error(
        _ webhook: Received,
        _ verifier: WebhookVerifier,
        after seconds: TimeInterval = 0
    ) -> WebhookError.Code? {
        do throws(WebhookError) {
            try verifier.verify(
                webhook.body,
                id: webhook.id,
                timestamp: webhook.timestamp,
                signature: webhook.signature,
                at: Self.start + seconds
            )
            return nil
        } catch {
            return error.code
        }
    }

    @Test func changedByteIsRefused() throws {
        let secrets = [try Self.secret(1)]
        let webhook = Received(secrets)
        for index in webhook.body.indices {
            var changed = webhook
            changed.body[index] ^= 1
            #expect(Self.error(changed, WebhookVerifier(secrets)) == .wrongSignature)
        }
        for change in [
            { $0.id = "msg_2" }, { $0.timestamp = "1700000001" }, { $0.body.append(0x20) }, { $0.body.removeLast() },
            { $0.signature = "v1,AAAA" }, { $0.signature = "" }, { $0.signature = $0.signature.lowercased() },
            { $0.signature = "v2" + $0.signature.dropFirst(2) }, { $0.signature = String($0.signature.dropFirst(3)) },
        ] as [(inout Received) -> Void] {
            var changed = webhook
            change(&changed)
            #expect(Self.error(changed, WebhookVerifier(secrets)) == .wrongSignature)
        }
        #expect(Self.error(webhook, WebhookVerifier([try Self.secret(2)])) == .wrongSignature)
        #expect(Self.error(webhook, WebhookVerifier([])) == .wrongSignature)
        #expect(Self.error(webhook, WebhookVerifier(secrets)) == nil)
    }

    @Test func malformedHeadersAreRefused() throws {
        let secrets = [try Self.secret(1)]
        for change in [
            { $0.id = "" }, { $0.id = String(repeating: "m", count: 257) }, { $0.timestamp = "" },
            { $0.timestamp = "+1700000000" }, { $0.timestamp = "01700000000" }, { $0.timestamp = "1700000000.0" },
            { $0.timestamp = "99999999999999999999" },
        ] as [(inout Received) -> Void] {
            var changed = Received(secrets)
            change(&changed)
            #expect(Self.error(changed, WebhookVerifier(secrets)) == .invalidHeader)
        }
    }

    /// Periods separate the parts of the signed text, so a part of a body must not become a timestamp.
    @Test func shiftedPartsAreRefused() throws {
        let secret = try Self.secret(1)
        let body = Array(#"{"a":"x.1700000000.y"}"#.utf8)
        var shifted = Received([secret])
        shifted.signature = secret.signature(of: body, id: "msg_1", timestamp: 1_700_000_000)
        shifted.id = #"msg_1.1700000000.{"a":"x"#
        shifted.body = Array(#"y"}"#.utf8)
        #expect(Self.error(shifted, WebhookVerifier([secret])) == .invalidHeader)
    }

    @Test(arguments: [(-301.0, false), (-300, true), (0, true), (300, true), (301, false), (86_400, false)])
    func timestampMustBeRecent(seconds: TimeInterval, isAccepted: Bool) throws {
        let secrets = [try Self.secret(1)]
        let error = Self.error(Received(secrets), WebhookVerifier(secrets), after: seconds)
        #expect(error == (isAccepted ? nil : .wrongTime))
    }

    @Test func repeatedWebhookIsRefusedAsLongAsItsTimestampIsValid() throws {
        let secrets = [try Self.secret(1)]
        let webhook = Received(secrets)
        for first in [-300.0, 0, 299] {
            let verifier = WebhookVerifier(secrets)
            #expect(Self.error(webhook, verifier, after: first) == nil)
            verifier.complete(webhook.id)
            for second in stride(from: first, through: 300, by: 7) {
                #expect(Self.error(webhook, verifier, after: second) == .replayed, "\(first) \(second)")
            }
            #expect(Self.error(webhook, verifier, after: 301) == .wrongTime)
        }
    }

    @Test func forgottenWebhookIsAcceptedAgain() throws {
        let secrets = [try Self.secret(1)]
        let verifier = WebhookVerifier(secrets)
        #expect(Self.error(Received(secrets), verifier) == nil)
        verifier.forget("msg_1")
        #expect(Self.error(Received(secrets), verifier) == nil)
        verifier.complete("msg_1")
        #expect(Self.error(Received(secrets), verifier) == .replayed)
    }

    /// A retry that overlaps its first attempt must not count as delivered before the first attempt is processed.
    @Test func webhookInProgressIsRefusedUntilItsEnd() throws {
        let secrets = [try Self.secret(1)]
        let verifier = WebhookVerifier(secrets)
        for after in [-300.0, 0, 300] {
            let error = Self.error(Received(secrets), verifier, after: after)
            #expect(error == (after == -300 ? nil : .inProgress))
        }
        verifier.forget("msg_1")
        #expect(Self.error(Received(secrets), verifier, after: 300) == nil)
        verifier.complete("msg_1")
        #expect(Self.error(Received(secrets), verifier, after: 300) == .replayed)
    }

    /// The timestamp is checked first, because the check of a signature is expensive.
    @Test func oldWebhookIsRefusedBeforeItsSignatureIsChecked() throws {
        let secrets = [try Self.secret(1)]
        var forged = Received(secrets)
        forged.signature = "v1,AAAA"
        #expect(Self.error(forged, WebhookVerifier(secrets), after: 301) == .wrongTime)
    }

    /// Many valid webhooks must not fill the memory.
    @Test func oldestOfTooManyIDsAreForgotten() throws {
        let secret = try Self.secret(1)
        let maximum = 10
        let verifier = WebhookVerifier([secret], maximumIDs: maximum)
        func error(_ number: Int) -> WebhookError.Code? {
            var webhook = Received([])
            webhook.id = "msg_\(number)"
            webhook.signature = secret.signature(of: webhook.body, id: webhook.id, timestamp: 1_700_000_000)
            return Self.error(webhook, verifier)
        }
        for number in 0...maximum { #expect(error(number) == nil) }
        #expect(error(0) == .inProgress && error(maximum) == .inProgress)
        for number in maximum + 1...2 * maximum { #expect(error(number) == nil) }
        #expect(error(maximum) == .inProgress)
        #expect(error(0) == nil)
    }

    @Test func refusedWebhookIsNotRemembered() throws {
        let secrets = [try Self.secret(1)]
        let verifier = WebhookVerifier(secrets)
        var forged = Received(secrets)
        forged.signature = "v1,AAAA"
        #expect(Self.error(forged, verifier) == .wrongSignature)
        #expect(Self.error(Received(secrets), verifier) == nil)
    }

    @Test func eitherSecretOfARotationSuffices() throws {
        let (old, new) = (try Self.secret(1), try Self.secret(2))
        for secrets in [[old], [new], [old, new], [new, old]] {
            #expect(Self.error(Received([old, new]), WebhookVerifier(secrets)) == nil)
        }
        #expect(Self.error(Received([old]), WebhookVerifier([new, old])) == nil)
        var mixed = Received([new])
        mixed.signature = "v1a,AAAA v1,!! \(mixed.signature)"
        #expect(Self.error(mixed, WebhookVerifier([new])) == nil)
    }
}
