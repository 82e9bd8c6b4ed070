// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Hiredis

/// Tests of parsing slot maps and error replies.
@Suite struct SlotMapTests {
    private static let asked = RedisConfiguration.Endpoint.tcp(host: "asked", port: 7000)

    private static func node(_ host: String, _ port: Int64, _ more: RedisReply...) -> RedisReply {
        .array([.bulk(Array(host.utf8)), .integer(port)] + more)
    }

    private static func range(_ first: Int64, _ last: Int64, _ nodes: RedisReply...) -> RedisReply {
        .array([.integer(first), .integer(last)] + nodes)
    }

    private static func slot(_ number: Int64) throws -> HashSlot {
        try #require(HashSlot(number: number))
    }

    private static func owner(_ map: SlotMap, _ number: Int64) throws -> RedisConfiguration.Endpoint? {
        map[try self.slot(number)].map { map.endpoints[$0] }
    }

    @Test func aMapOfAnyVersionIsRead() throws {
        let id = RedisReply.bulk(Array("e7d1eecce10fd6bb5eb35b9f99a514335d9ba9ca".utf8))
        let metadata = RedisReply.array([.bulk(Array("hostname".utf8)), .bulk(Array("h".utf8))])
        let map = try SlotMap(
            .array([
                Self.range(0, 99, Self.node("10.0.0.1", 6379), Self.node("10.0.0.4", 6379)),
                Self.range(100, 199, Self.node("::1", 6380, id), Self.node("10.0.0.1", 6379, id)),
                Self.range(200, 299, Self.node("", 6381, id, metadata)),
                Self.range(300, 399, .array([.null, .integer(6382), id, metadata])),
                Self.range(400, 400, Self.node("?", 6383, id, metadata)),
                Self.range(16_383, 16_383, Self.node("10.0.0.1", 6379)),
            ]),
            from: Self.asked
        )
        #expect(try Self.owner(map, 0) == .tcp(host: "10.0.0.1", port: 6379))
        #expect(try Self.owner(map, 99) == .tcp(host: "10.0.0.1", port: 6379))
        #expect(try Self.owner(map, 100) == .tcp(host: "::1", port: 6380))
        #expect(try Self.owner(map, 299) == .tcp(host: "asked", port: 6381))
        #expect(try Self.owner(map, 300) == .tcp(host: "asked", port: 6382))
        #expect(try Self.owner(map, 400) == nil)
        #expect(try Self.owner(map, 500) == nil)
        #expect(try Self.owner(map, 16_383) == .tcp(host: "10.0.0.1", port: 6379))
        #expect(map.endpoints.count == 5)
        #expect(Set(map.primaries.map { map.endpoints[$0] }).count == 4)
        #expect(!map.primaries.contains { map.endpoints[$0] == .tcp(host: "10.0.0.4", port: 6379) })
    }

    private static func properties(_ words: String?...) -> RedisReply {
        .array(words.map { $0.map { .bulk(Array($0.utf8)) } ?? .null })
    }

    @Test func aNodeWithoutAHostnameIsFoundByItsAddress() throws {
        let id = RedisReply.bulk(Array("e7d1eecce10fd6bb5eb35b9f99a514335d9ba9ca".utf8))
        let map = try SlotMap(
            .array([
                Self.range(0, 99, Self.node("a.example", 6379, id, Self.properties("ip", "10.0.0.1"))),
                Self.range(100, 199, Self.node("?", 6379, id, Self.properties("ip", "10.0.0.2"))),
                Self.range(200, 299, Self.node("?", 6380, id, Self.properties("hostname", "", "ip", "fd00::3"))),
                Self.range(
                    300,
                    399,
                    Self.node("?", 6381, id, Self.properties("availability-zone", "z", "ip", "10.0.0.4"))
                ),
                // The properties of these nodes are unusable.
                Self.range(400, 409, Self.node("?", 6382, id, Self.properties("ip", ""))),
                Self.range(410, 419, Self.node("?", 6382, id, Self.properties("ip"))),
                Self.range(420, 429, Self.node("?", 6382, id, Self.properties("ip", nil))),
                Self.range(430, 439, Self.node("?", 6382, id, Self.properties("10.0.0.5", "ip"))),
                Self.range(440, 449, Self.node("?", 6382, id, .integer(1))),
                Self.range(450, 459, Self.node("?", 6382, id)),
            ]),
            from: Self.asked
        )
        #expect(try Self.owner(map, 0) == .tcp(host: "a.example", port: 6379))
        #expect(try Self.owner(map, 100) == .tcp(host: "10.0.0.2", port: 6379))
        #expect(try Self.owner(map, 200) == .tcp(host: "fd00::3", port: 6380))
        #expect(try Self.owner(map, 300) == .tcp(host: "10.0.0.4", port: 6381))
        for slot in stride(from: Int64(400), to: 460, by: 10) { #expect(try Self.owner(map, slot) == nil) }
    }

    @Test(arguments: ["a b", "10.0.0.1\r\n", String(repeating: "1", count: 254)])
    func anAddressThatCannotBeOneIsAnError(_ address: String) {
        let node = Self.node("?", 1, .bulk([]), Self.properties("ip", address))
        let error = #expect(throws: RedisError.self) {
            try SlotMap(.array([Self.range(0, 1, node)]), from: Self.asked)
        }
        #expect(error?.code == .protocolViolation)
    }

    static let hostile: [RedisReply] = {
        let good = Self.node("h", 1)
        let wholes: [RedisReply] = [
            .null, .integer(1), .status("OK"), .bulk([]), .array([]), .array([.null]), .array([.array([])]),
            .error("ERR This instance has cluster support disabled"),
        ]
        let ranges: [RedisReply] = [
            Self.range(0, 1), Self.range(-1, 1, good), Self.range(0, 16_384, good), Self.range(2, 1, good),
            Self.range(.min, .max, good), Self.range(16_384, 16_384, good), .array([.bulk([48]), .integer(1), good]),
            .array([.integer(0), .null, good]), Self.range(0, 1, .null), Self.range(0, 1, .array([])),
            Self.range(0, 1, .integer(1)), Self.range(0, 1, .array([.bulk([104])])),
            Self.range(0, 1, .array([.integer(1), .integer(1)])),
            Self.range(0, 1, .array([.bulk([104]), .bulk([49])])),
            Self.range(0, 1, Self.node("h", 0)), Self.range(0, 1, Self.node("h", -1)),
            Self.range(0, 1, Self.node("h", 65_536)), Self.range(0, 1, Self.node("h", .max)),
            Self.range(0, 1, Self.node("a b", 1)), Self.range(0, 1, Self.node("a\u{0}", 1)),
            Self.range(0, 1, Self.node(String(repeating: "h", count: 254), 1)),
            Self.range(0, 1, .array([.bulk([0xFF, 0xFE]), .integer(1)])),
            Self.range(0, 1, Self.node("?", 1)), Self.range(0, 1, good, .null),
        ]
        let crowd = (0...SlotMap.maximumNodes).map { Self.range(0, 0, Self.node("h\($0)", 1)) }
        return wholes + ranges.map { .array([$0]) } + [.array(crowd)]
    }()

    @Test(arguments: hostile.indices)
    func aReplyThatIsNotAMapIsAnError(_ index: Int) {
        let error = #expect(throws: RedisError.self) { try SlotMap(Self.hostile[index], from: Self.asked) }
        #expect(error?.code == .protocolViolation)
    }

    @Test func aNodeThatDoesNotKnowItselfIsNotFoundThroughASocket() {
        let map = RedisReply.array([Self.range(0, 1, Self.node("", 1))])
        #expect(throws: RedisError.self) { try SlotMap(map, from: .unixSocket(path: "/s")) }
    }

    @Test func aSlotMovesAlone() throws {
        let (a, b) = (Self.node("a", 1), Self.node("b", 2))
        var map = try SlotMap(.array([Self.range(0, 9, a), Self.range(10, 19, b)]), from: Self.asked)
        let same = try SlotMap(.array([Self.range(10, 19, b), Self.range(0, 9, a)]), from: Self.asked)
        #expect(map.agrees(with: same) && same.agrees(with: map))
        let position = map.assign(try Self.slot(5), to: .tcp(host: "c", port: 3))
        #expect(try Self.owner(map, 5) == .tcp(host: "c", port: 3))
        #expect(position.map { map.primaries.contains($0) } == true)
        #expect(try Self.owner(map, 4) == .tcp(host: "a", port: 1))
        #expect(!map.agrees(with: same) && !same.agrees(with: map))
        _ = map.assign(try Self.slot(5), to: .tcp(host: "a", port: 1))
        #expect(map.agrees(with: same))
        #expect(map.endpoints.count == 3)
        #expect(!SlotMap().agrees(with: same) && !same.agrees(with: SlotMap()))
        for number in 0..<SlotMap.maximumNodes { _ = map.add(.tcp(host: "h", port: number + 10)) }
        #expect(map.endpoints.count == SlotMap.maximumNodes)
        let refused = map.assign(try Self.slot(5), to: .tcp(host: "new", port: 1))
        #expect(refused == nil)
    }

    @Test func anAskWithoutAHostnameIsFollowedToTheOnlyNodeWithThePort() throws {
        let members: [RedisConfiguration.Endpoint] = [
            .tcp(host: "10.0.0.1", port: 7001), .tcp(host: "10.0.0.2", port: 7002), .tcp(host: "10.0.0.3", port: 7002),
        ]
        func answer(_ text: String) -> ClusterErrorReply { ClusterErrorReply(text, from: Self.asked, among: members) }
        #expect(answer("ASK 3999 ?:7001") == .ask(.tcp(host: "10.0.0.1", port: 7001)))
        #expect(answer("ASK 3999 ?:7002") == .retry(refreshes: true))
        #expect(answer("ASK 3999 ?:7003") == .retry(refreshes: true))
        #expect(answer("MOVED 3999 ?:7001") == .retry(refreshes: true))
        #expect(ClusterErrorReply("ASK 3999 ?:7001", from: nil) == .retry(refreshes: true))
    }

    @Test func errorsOfAClusterAreClassified() throws {
        func answer(_ text: String) -> ClusterErrorReply { ClusterErrorReply(text, from: Self.asked) }
        let slot = try Self.slot(3999)
        #expect(answer("MOVED 3999 10.0.0.1:6381") == .moved(slot, .tcp(host: "10.0.0.1", port: 6381)))
        #expect(answer("ASK 3999 10.0.0.1:6381") == .ask(.tcp(host: "10.0.0.1", port: 6381)))
        #expect(answer("MOVED 3999 ::1:6381") == .moved(slot, .tcp(host: "::1", port: 6381)))
        #expect(answer("MOVED 3999 :6381") == .moved(slot, .tcp(host: "asked", port: 6381)))
        #expect(ClusterErrorReply("MOVED 3999 :6381", from: nil) == .retry(refreshes: true))
        #expect(answer("TRYAGAIN Multiple keys request during rehashing of slot") == .retry(refreshes: false))
        #expect(answer("LOADING Redis is loading the dataset in memory") == .retry(refreshes: false))
        for text in [
            "CLUSTERDOWN The cluster is down", "CLUSTERDOWN Hash slot not served",
            "MASTERDOWN Link with MASTER is down",
            "READONLY You can't write against a read only replica.",
            "READONLY You can't write against a read only replica. script: 00, on @user_script:1.",
            "MOVED", "MOVED 3999", "MOVED 3999 a", "MOVED 3999 a:", "MOVED 3999 a:0", "MOVED 3999 a:65536",
            "MOVED 16384 a:1", "MOVED -1 a:1", "MOVED x a:1", "MOVED 3999 a:1 b", "MOVED 3999 ?:1",
            "ASK 3999 a b:1", "MOVED  3999 a:1", "MOVED 3999 a:99999999999999999999",
        ] {
            #expect(answer(text) == .retry(refreshes: true), "\(text)")
        }
        for text in [
            "ERR something", "NOSCRIPT No matching script.", "OOM command not allowed", "CROSSSLOT Keys", "moved 1 a:1",
            "TRYAGAIN made up script: 00, on @user_script:1.", "MOVED 1 a:1 script: 00, on @user_script:1.", "",
            "NOREPLICAS Not enough good replicas to write.", "MISCONF", "BUSY",
        ] {
            #expect(answer(text) == .commandError, "\(text)")
        }
    }
}
