// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Hiredis

/// Tests of the hash slots of keys and commands.
@Suite struct SlotTests {
    @Test func theChecksumIsTheOneOfTheSpecification() {
        let check = Array("123456789".utf8).withUnsafeBytes { CRC16.checksum(of: $0, in: $0.indices) }
        #expect(check == 0x31C3)
        #expect([UInt8]().withUnsafeBytes { CRC16.checksum(of: $0, in: $0.indices) } == 0)
        let long = [UInt8](repeating: 0xFF, count: 300)
        #expect(long.withUnsafeBytes { CRC16.checksum(of: $0, in: $0.indices) } == Self.slow(300))
    }

    /// Computes the CRC16 checksum of `count` bytes with the value 0xFF, bit by bit.
    private static func slow(_ count: Int) -> UInt16 {
        var crc: UInt32 = 0
        for _ in 0..<count * 8 {
            let bit = (crc >> 15 & 1) ^ 1
            crc = (crc << 1 ^ (bit == 1 ? 0x1021 : 0)) & 0xFFFF
        }
        return UInt16(crc)
    }

    /// The expected slots are replies of Redis 7.0 to `CLUSTER KEYSLOT`.
    @Test(arguments: [
        ("", 0), ("foo", 12_182), ("bar", 5_061), ("hello", 866), ("123456789", 12_739), ("user1000", 3_443),
    ])
    func aKeyHasItsSlot(_ key: String, _ slot: Int) {
        #expect(Int(HashSlot(key: key).number) == slot)
        #expect(Int(HashSlot(key: Array(key.utf8)).number) == slot)
    }

    @Test(arguments: [
        ("{user1000}.following", "user1000"), ("{user1000}.followers", "user1000"), ("a{b}c{d}e", "b"),
        ("foo{{bar}}zap", "{bar"), ("foo{bar}{zap}", "bar"), ("}{a}", "a"), ("x}y{z}", "z"),
        ("{\u{FC}}x", "\u{FC}"),
    ])
    func aTagDecides(_ key: String, _ tag: String) {
        #expect(HashSlot(key: key) == HashSlot(key: tag))
        #expect(HashSlot(key: key) != HashSlot(key: "other"))
    }

    /// An empty tag, an unterminated tag, and a tag after an empty tag are not hash tags.
    @Test(arguments: ["foo{}{bar}", "{}bar", "foo{bar", "foo}bar{", "{", "}", "{}", "foo}{bar"])
    func withoutATagTheWholeKeyDecides(_ key: String) {
        let whole = Array(key.utf8).withUnsafeBytes { CRC16.checksum(of: $0, in: $0.indices) } % 16_384
        #expect(HashSlot(key: key).number == whole)
    }

    @Test(arguments: [(Int64(-1), false), (0, true), (16_383, true), (16_384, false), (.max, false), (.min, false)])
    func onlyExistingSlotsHaveNumbers(_ number: Int64, _ exists: Bool) {
        #expect((HashSlot(number: number) != nil) == exists)
    }

    @Test func commandsGoByTheirFirstKey() {
        func slot(_ name: String, _ arguments: RedisArgument...) -> HashSlot? {
            RedisCommand(name: name, arguments: arguments).slot
        }
        let foo = HashSlot(key: "foo")
        #expect(slot("GET", "foo") == foo)
        #expect(slot("set", "foo", "bar") == foo)
        #expect(slot("DEL", .bytes(Array("foo".utf8)), "bar") == foo)
        #expect(slot("PTTL", 123_456_789) == HashSlot(key: "123456789"))
        #expect(slot("EVAL", "return 1", 1, "foo", "bar") == foo)
        #expect(slot("evalsha", "0123", "2", "foo", "bar") == foo)
        #expect(slot("EVAL", "return 1", 0, "foo") == nil)
        #expect(slot("EVAL", "return 1", "0", "foo") == nil)
        #expect(slot("EVAL", "return 1") == nil)
        for name in ["PING", "TIME", "INFO", "scan", "SCRIPT", "CLUSTER", "CONFIG", "ECHO"] {
            #expect(slot(name, "foo") == nil)
        }
        #expect(slot("GET") == nil)
        func script(_ keys: String...) -> HashSlot? {
            let call = RedisCommand.ScriptCall(script: "0123", keys: keys)
            return RedisCommand(name: "EVALSHA", scriptCall: call, arguments: ["bar"]).slot
        }
        #expect(script("foo", "other") == foo)
        #expect(script() == nil)
    }
}
