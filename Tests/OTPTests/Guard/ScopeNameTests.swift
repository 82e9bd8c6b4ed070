// SPDX-License-Identifier: Apache-2.0

import OTP
import SMSKit
import SendGuard
import Testing

/// The names that a key ring gives to the scopes of a guard.
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
        return (claim.origin + claim.shared).map(\.name)
    }

    @Test func newKeysKeepTheNames() throws {
        let names = try Self.names(try Fixture.keys())
        #expect(Set(names).count == names.count)
        #expect(try Self.names(try Fixture.keys(code: ["k2", "k1"], index: ["i2", "i1"])) == names)
    }

    @Test func removalOfTheOldestIndexKeyChangesTheNames() throws {
        let before = try Self.names(try Fixture.keys(index: ["i2", "i1"]))
        let after = try Self.names(try Fixture.keys(index: ["i2"]))
        #expect(Set(before).isDisjoint(with: after))
    }

    @Test func nameIsNoBlindIndex() throws {
        let keys = try Fixture.keys()
        let index = keys.indexes(of: Fixture.number).current.bytes
        for name in try Self.names(keys) { #expect(!index.starts(with: name)) }
    }
}
