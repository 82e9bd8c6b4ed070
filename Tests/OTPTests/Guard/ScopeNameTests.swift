// SPDX-License-Identifier: Apache-2.0

import OTP
import SMSKit
import SendGuard
import Testing

/// Tests of a key ring's names for the scopes of a guard.
@Suite struct ScopeNameTests {
    private static func names(_ keys: KeyRing) throws -> [[UInt8]] {
        let policy = GuardPolicy(homeRegions: [.singapore], serviceBudget: .init())
        let sendGuard = try SMSGuard(policy: policy, ledger: InMemorySendLedger(), hash: keys.scopeHash)
        let request = SendRequest(
            number: Fixture.number,
            tenant: "default",
            purpose: "registration",
            source: SourceAddress("192.0.2.1")
        )
        let claim = sendGuard.outcome(.verified, of: request).claim
        return (claim.origin + claim.shared).map(\.name.bytes)
    }

    @Test func addedKeyKeepsTheNames() throws {
        let names = try Self.names(try Fixture.keys(index: ["i1"]))
        #expect(Set(names).count == names.count)
        #expect(try Self.names(try Fixture.keys(code: ["k2", "k1"], index: ["i1", "i2"])) == names)
    }

    @Test func useOfTheNewKeyChangesTheNames() throws {
        let before = try Self.names(try Fixture.keys(index: ["i1", "i2"]))
        let after = try Self.names(try Fixture.keys(index: ["i2", "i1"]))
        #expect(Set(before).isDisjoint(with: after))
    }

    @Test func removalOfTheOldKeyKeepsTheNames() throws {
        let before = try Self.names(try Fixture.keys(index: ["i2", "i1"]))
        #expect(try Self.names(try Fixture.keys(index: ["i2"])) == before)
    }

    @Test func nameIsNoBlindIndex() throws {
        let keys = try Fixture.keys()
        let index = keys.indexes(of: Fixture.number).current.bytes
        for name in try Self.names(keys) { #expect(!index.starts(with: name)) }
    }
}
