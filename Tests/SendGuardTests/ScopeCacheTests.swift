// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SendGuard

/// Tests of the names of scopes, of their cache, and of the names of decisions.
@Suite struct ScopeCacheTests {
    @Test func nameIsTheFirstTwelveBytesOfAHash() {
        let hash = (0..<32).map { UInt8($0 * 7 % 256) }
        #expect(ScopeName(hash).bytes == Array(hash.prefix(12)))
        #expect(ScopeName(hash).firstByte == hash[0])
        #expect(ScopeName(hash) == ScopeName(hash.prefix(12)))
    }

    @Test(arguments: 0..<12)
    func everyByteDistinguishesNames(position: Int) {
        let hash = [UInt8](repeating: 0x5A, count: 12)
        var other = hash
        other[position] ^= 1
        #expect(ScopeName(hash) != ScopeName(other))
        #expect(Set([ScopeName(hash), ScopeName(other)]).count == 2)
    }

    @Test func cacheCreatesTheScopesOfAKeyOnce() {
        let cache = ScopeCache<Int, Int>(capacity: 4)
        for key in [1, 2, 1, 2] { #expect(cache.scopes(of: key) { key * 10 } == key * 10) }
        #expect(cache.scopes(of: 1) { -1 } == 10)
    }

    @Test func cacheIsBounded() {
        let cache = ScopeCache<Int, Int>(capacity: 4)
        for key in 0..<1_000 {
            #expect(cache.scopes(of: key) { key } == key)
            #expect(cache.count <= 4)
        }
    }

    @Test func namesOfDecisionsDiffer() {
        let names = DecisionNames()
        #expect(Set((0..<1_000).map { _ in names.next() }).count == 1_000)
    }

    @Test(arguments: [("10.1.2.3", [10, 1, 2] as [UInt8]), ("2001:db8:1:2::3", [0x20, 0x01, 0x0D, 0xB8, 0, 1])])
    func networkIsThePrefixOfASource(address: String, bytes: [UInt8]) throws {
        let source = try #require(SourceAddress(address)).source
        #expect(source.network.bytes == bytes)
        #expect(source.network.network.bytes == Array(bytes.prefix(bytes.count == 3 ? 3 : 6)))
        #expect(AddressPrefix.unknown.network == .unknown)
    }
}
