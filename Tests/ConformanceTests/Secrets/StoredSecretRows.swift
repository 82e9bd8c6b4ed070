// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import SMSKit
import Synchronization
import Testing
import TextFormats

@testable import OTP

extension Conformance {
    /// Rows of the conformance table about a store that an attacker can read.
    @Suite struct StoredSecretRows {
        /// All bytes that a service passes to its store.
        private final class Dump: Sendable {
            private let parts = Mutex<[[UInt8]]>([])

            func add(_ parts: [[UInt8]]) { self.parts.withLock { $0 += parts } }

            /// Returns the bytes that the steps passed to the store, and the keys and values in Redis.
            ///
            /// Parts of a key are Base64 texts, so the result also contains the decoded parts.
            func contents(_ place: StorePlace) async throws -> [[UInt8]] {
                let stored = try await place.redis?.contents() ?? []
                return self.parts.withLock { $0 }
                    + stored.flatMap { key, value, _ in
                        let parts = key.split { ":{}".contains($0) }
                        return [Array(key.utf8), value] + parts.compactMap { Base64URL.decode($0) }
                    }
            }
        }

        /// Returns a store that records every step in a dump.
        private static func recorded(_ base: any ServiceStore, _ dump: Dump) -> any ServiceStore {
            var changes = StoreChanges()
            changes.issue = { code, step, base in
                dump.add([step.challenge.id.bytes, step.challenge.check, step.number.current.bytes])
                dump.add([code.authenticator, code.sealed])
                return try await base.issue(code, step)
            }
            changes.verify = { attempt, step, base in
                dump.add(attempt.candidates.map(\.authenticator))
                return try await base.verify(attempt, step)
            }
            return AlteredStore(base, changes)
        }

        /// Returns the hashes of a text that an attacker can compute without a key.
        private static func hashes(of text: String) -> [[UInt8]] {
            let data = Data(text.utf8)
            return [
                Array(SHA256.hash(data: data)), Array(SHA384.hash(data: data)), Array(SHA512.hash(data: data)),
                Array(Insecure.SHA1.hash(data: data)), Array(Insecure.MD5.hash(data: data)),
            ]
        }

        /// Returns prefixes of the hashes of a code, alone and combined with public values.
        private static func hashes(of code: String, _ number: String, _ token: ChallengeToken) -> [[UInt8]] {
            let digits = String(number.dropFirst())
            let texts = [code, number + code, code + number, digits + code, code + digits, token.text + code]
            return texts.flatMap(Self.hashes).map { Array($0.prefix(16)) }
        }

        private static func contains(_ dump: [[UInt8]], _ bytes: [UInt8]) -> Bool {
            dump.contains { Data($0).range(of: Data(bytes)) != nil }
        }

        @Test(
            "CT-14: the store contains no unencrypted code, and no unkeyed hash of a code",
            arguments: Trial.onStoresAndDoors
        )
        func ct14(trial: Trial) async throws {
            try await trial.run(
                mutant: "a service that stores the unkeyed SHA-256 hash of the number followed by the code",
                fails: "no hash of a code without a key is stored"
            ) { findings in
                try await trial.withPlace { place in
                    let (number, draw) = (Service.number.e164, UInt64.max / 3)
                    var script = ScriptedGenerator(numbers: [draw])
                    let code = CodeFormat.digits(6).makeCode(using: &script).text
                    let dump = Dump()
                    let store = place.altered(Self.recorded(place.store, dump)) { changes in
                        changes.issue = { stored, step, base in
                            var stored = stored
                            stored.authenticator = Self.hashes(of: number + code)[0]
                            return try await base.issue(stored, step)
                        }
                    }
                    let service = try await place.service(on: store) { setup in
                        setup.hasIdempotencyKeys = true
                        // With an idempotency key, the token is derived from the key and a nonce.
                        let token: [UInt64] = trial.door == .http ? [11, 12] : [11, 12, 13, 14]
                        setup.randomness = Randomness(ScriptedGenerator(numbers: token + [draw]))
                    }
                    let sent = try await service.issue()
                    findings.expect("the code is the expected one", sent.code == code)
                    _ = await service.attempt(wrong(code), sent.token)
                    let contents = try await dump.contents(place)
                    findings.expect("no code is stored", !Self.contains(contents, Array(code.utf8)))
                    let isHashed = Self.hashes(of: code, number, sent.token).contains { Self.contains(contents, $0) }
                    findings.expect("no hash of a code without a key is stored", !isHashed)
                    let secret = sent.token.text.dropFirst("v1.".count)
                    findings.expect("the token is not stored", !Self.contains(contents, Array(secret.utf8)))
                }
            }
        }

        @Test(
            "CT-15: the store contains no phone number, and no unkeyed hash of a phone number",
            arguments: Trial.onStoresAndDoors
        )
        func ct15(trial: Trial) async throws {
            try await trial.run(
                mutant: "a service that identifies the record of a number by the unkeyed SHA-256 hash of the number",
                fails: "no hash of a number without a key is stored"
            ) { findings in
                try await trial.withPlace { place in
                    let number = Service.number.e164
                    let dump = Dump()
                    let store = place.altered(Self.recorded(place.store, dump)) { changes in
                        changes.step = { step in
                            let bytes = Array(Self.hashes(of: number)[0].prefix(16))
                            step.number = PhoneNumberIndexes(PhoneNumberIndex(bytes: bytes))
                        }
                    }
                    let service = try await place.service(on: store) { $0.hasIdempotencyKeys = true }
                    let sent = try await service.issue()
                    _ = await service.attempt(wrong(sent.code), sent.token)
                    _ = await service.attempt(sent.code, sent.token)
                    let contents = try await dump.contents(place)
                    let digits = String(number.dropFirst())
                    let runs = [digits, String(digits.suffix(8)), number]
                    findings.expect("no number is stored", !runs.contains { Self.contains(contents, Array($0.utf8)) })
                    let hashes = [number, digits, String(digits.suffix(8))].flatMap(Self.hashes)
                        .map { Array($0.prefix(16)) }
                    let forms = hashes + hashes.map { Array(Base64URL.encode($0).utf8) }
                    findings.expect(
                        "no hash of a number without a key is stored",
                        !forms.contains { Self.contains(contents, $0) }
                    )
                }
            }
        }
    }
}
