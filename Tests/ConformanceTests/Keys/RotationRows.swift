// SPDX-License-Identifier: Apache-2.0

import OTP
import SMSKit
import Testing

extension Conformance {
    /// The row of the conformance table about the rotation of keys.
    @Suite struct RotationRows {
        @Test("CT-29: a key rotation resets no limit, and invalidates no code", arguments: Trial.onStoresAndDoors)
        func ct29(trial: Trial) async throws {
            try await trial.run(
                mutant: "a key rotation that removes the old keys immediately",
                fails: "a live code verifies after the rotation",
                "limits hold after the rotation"
            ) { findings in
                try await trial.withPlace { place in
                    let before = try await place.service()
                    let rotated = try KeyRing.test(code: ["k2", "k1"], index: ["i2", "i1"])
                    let replaced = try KeyRing.test(code: ["k2"], index: ["i2"])
                    let after = try await place.service { $0.keys = trial.isMutant ? replaced : rotated }
                    for wait in [60, 120] {
                        let sent = try await before.issue()
                        let compared = await before.guess(5, against: sent)
                        findings.expect("the attempts are counted", compared == 5, compared)
                        try place.pass(wait)
                    }
                    let refused = await after.issueError()
                    findings.expect("limits hold after the rotation", refused?.code == .locked, refused as Any)
                    let live = try await before.issue(for: Service.otherNumber)
                    let error = await after.attempt(live.code, live.token, for: Service.otherNumber)
                    findings.expect("a live code verifies after the rotation", error == nil, error as Any)
                    try place.pass(60)
                    let next = try await before.issue(for: Service.otherNumber)
                    let removed = try await place.service { $0.keys = try .test(code: ["k2"], index: ["i2", "i1"]) }
                    let failed = await removed.attempt(next.code, next.token, for: Service.otherNumber)
                    findings.expect(
                        "without its key, a code fails",
                        failed?.code == place.kind.keyUnavailable,
                        failed as Any
                    )
                }
            }
        }
    }
}
