// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOEmbedded
import SeededRandom
import Testing

@testable import Hiredis

/// Tests of the protocol of a connection, without a server.
@Suite struct ProtocolTests {
    static let transcript =
        "+OK\r\n:-42\r\n$5\r\na\r\n\u{0}b\r\n$-1\r\n*3\r\n:1\r\n*2\r\n$0\r\n\r\n+x\r\n-ERR inner\r\n"
        + "*0\r\n*-1\r\n-OOM no memory\r\n"

    static let replies: [RedisReply] = [
        .status("OK"), .integer(-42), .bulk(Array("a\r\n\u{0}b".utf8)), .null,
        .array([.integer(1), .array([.bulk([]), .status("x")]), .error("ERR inner")]), .array([]), .null,
        .error("OOM no memory"),
    ]

    @Test func repliesAreTheSameHoweverTheStreamIsCut() throws {
        let bytes = Array(Self.transcript.utf8)
        for first in 0...bytes.count {
            for second in first...bytes.count {
                var reader = try ReplyReader(limits: .init())
                var replies: [RedisReply] = []
                for piece in [bytes[..<first], bytes[first..<second], bytes[second...]] {
                    try reader.feed(ByteBuffer(bytes: piece))
                    while let reply = try reader.next() { replies.append(reply) }
                }
                guard replies == Self.replies else {
                    Issue.record("cut at \(first) and \(second): \(replies)")
                    return
                }
            }
        }
    }

    @Test func eachCommandGetsItsReplyByteByByte() throws {
        let wire = try Wire()
        let answers = try wire.send(count: Self.replies.count)
        for byte in Self.transcript.utf8 { wire.receive([byte]) }
        #expect(answers.replies == Self.replies)
        #expect(wire.handler.failure == nil)
    }

    @Test func aBatchLeavesInOneWrite() throws {
        let wire = try Wire()
        _ = try wire.send(count: 3)
        let written = try #require(try wire.channel.readOutbound(as: ByteBuffer.self))
        #expect(String(buffer: written) == String(repeating: "*1\r\n$4\r\nPING\r\n", count: 3))
        #expect(try wire.channel.readOutbound(as: ByteBuffer.self) == nil)
        #expect(wire.counters.writes == 1)
        #expect(wire.counters.commandsSent == 3)
    }

    static let hostile: [String] = [
        "*2000000000\r\n",
        "*65537\r\n",
        "*2\r\n*65535\r\n:1\r\n",
        "*40000\r\n" + String(repeating: ":1\r\n", count: 39_999) + "*40000\r\n",
        String(repeating: "*1\r\n", count: 8),
        String(repeating: "*1\r\n", count: 40),
        "*-2\r\n",
        "*99999999999999999999\r\n",
        "$-2\r\n",
        "$99999999999999999999\r\n",
        "$1048577\r\n" + String(repeating: "x", count: 1_048_577) + "\r\n",
        "$9223372036854775807\r\n" + String(repeating: "x", count: 5 << 20),
        "$1000000000\r\n" + String(repeating: "x", count: 5 << 20),
        "+" + String(repeating: "x", count: 5 << 20),
        "*10\r\n" + String(repeating: "$1000000\r\n\(String(repeating: "x", count: 1_000_000))\r\n", count: 5),
        ":12a\r\n",
        ":\r\n",
        "HTTP/1.1 400 Bad Request\r\n",
        "\u{0}\u{1}\u{2}",
        "%1\r\n+a\r\n+b\r\n",
        ">1\r\n+a\r\n",
        "#t\r\n",
        ",1.5\r\n",
    ]

    @Test(arguments: hostile.indices)
    func hostileBytesEndTheConnection(_ index: Int) throws {
        let wire = try Wire()
        let answers = try wire.send(count: 2)
        let bytes = Array(Self.hostile[index].utf8)
        for start in stride(from: 0, to: bytes.count, by: 65_536) {
            wire.receive(bytes[start..<min(start + 65_536, bytes.count)])
        }
        #expect(wire.handler.failure?.code == .protocolViolation)
        #expect(answers.codes == [.protocolViolation, .protocolViolation])
        #expect(!wire.channel.isActive)
    }

    @Test func aLengthBeyondAllMemoryIsNotReserved() throws {
        let wire = try Wire()
        let answers = try wire.send(count: 1)
        wire.receive("$9223372036854775807\r\n")
        #expect(answers.replies.isEmpty)
        wire.channel.pipeline.fireChannelInactive()
        #expect(answers.count == 1)
    }

    @Test func theNullOfRESP3IsNullOrRejected() throws {
        let wire = try Wire()
        let answers = try wire.send(count: 1)
        wire.receive("_\r\n")
        // hiredis 1.0 and later parse the null of RESP3.
        #expect(answers.replies == [.null] || answers.codes == [.protocolViolation])
    }

    @Test func limitsAllowRepliesUpToTheirValues() throws {
        let wire = try Wire()
        let answers = try wire.send(count: 3)
        wire.receive("*65536\r\n" + String(repeating: ":1\r\n", count: 65_536))
        wire.receive("$1048576\r\n" + String(repeating: "x", count: 1_048_576) + "\r\n")
        wire.receive(String(repeating: "*1\r\n", count: 7) + ":1\r\n")
        #expect(answers.codes.isEmpty)
        #expect(answers.replies.count == 3)
    }

    @Test func limitsApplyToEachReplySeparately() throws {
        let wire = try Wire()
        let answers = try wire.send(count: 40)
        for _ in 0..<20 {
            wire.receive("$1000000\r\n" + String(repeating: "x", count: 1_000_000) + "\r\n")
            wire.receive("*60000\r\n" + String(repeating: ":1\r\n", count: 60_000))
        }
        #expect(answers.replies.count == 40)
    }

    @Test func garbageNeverCrashes() throws {
        var generator = SplitMix64(seed: 42)
        let alphabet = Array("*$+-:0123456789\r\n\r\n\r\nab\u{0}".utf8)
        for _ in 0..<3_000 {
            let wire = try Wire()
            let answers = try wire.send(count: 4)
            let length = Int.random(in: 1...60, using: &generator)
            wire.receive((0..<length).map { _ in alphabet.randomElement(using: &generator) ?? 0 })
            wire.channel.pipeline.fireChannelInactive()
            #expect(answers.count == 4)
        }
    }

    @Test func anUnexpectedReplyEndsTheConnection() throws {
        let wire = try Wire()
        let answers = try wire.send(count: 1)
        wire.receive("+OK\r\n+again\r\n")
        #expect(answers.replies == [.status("OK")])
        #expect(wire.handler.failure?.code == .protocolViolation)
    }

    @Test(arguments: ["+", "$10\r\nhalf", "*2\r\n", "+OK\r\n"])
    func unexpectedBytesEndTheConnectionImmediately(_ bytes: String) throws {
        let idle = try Wire()
        idle.receive(bytes)
        #expect(idle.handler.failure?.code == .protocolViolation)
        #expect(!idle.channel.isActive)

        let busy = try Wire()
        let answers = try busy.send(count: 1)
        busy.receive("+OK\r\n" + bytes)
        #expect(answers.replies == [.status("OK")])
        #expect(busy.handler.failure?.code == .protocolViolation)
    }

    @Test func aConnectionClosedWithinAReplyHasAnUnknownOutcome() throws {
        let wire = try Wire()
        let answers = try wire.send(count: 3)
        wire.receive("+OK\r\n$10\r\nhalf")
        wire.channel.pipeline.fireChannelInactive()
        #expect(answers.replies == [.status("OK")])
        #expect(answers.codes == [.outcomeUnknown, .outcomeUnknown])
    }

    @Test func theOldestDeadlineEndsTheConnection() throws {
        let wire = try Wire()
        let early = try wire.send(count: 1, deadline: .seconds(1))
        let late = try wire.send(count: 2, deadline: .seconds(2))
        wire.channel.embeddedEventLoop.advanceTime(by: .milliseconds(900))
        wire.receive("+OK\r\n")
        wire.channel.embeddedEventLoop.advanceTime(by: .milliseconds(1_099))
        #expect(early.replies == [.status("OK")])
        #expect(late.count == 0)
        wire.channel.embeddedEventLoop.advanceTime(by: .milliseconds(1))
        #expect(late.codes == [.outcomeUnknown, .outcomeUnknown])
        #expect(!wire.channel.isActive)
    }

    @Test func anEarlierDeadlineAfterAnAnsweredLaterOneHolds() throws {
        let wire = try Wire()
        let preparation = try wire.send(count: 1, deadline: .seconds(60))
        wire.receive("+OK\r\n")
        #expect(preparation.replies == [.status("OK")])
        let answers = try wire.send(count: 1, deadline: .seconds(1))
        wire.channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(answers.codes == [.outcomeUnknown])
    }

    @Test func anAbandonedCommandKeepsItsPlace() throws {
        let wire = try Wire()
        let answers = try wire.send(count: 3)
        wire.handler.cancelCaller(2)
        wire.receive("+1\r\n+2\r\n+3\r\n")
        #expect(answers.replies == [.status("1"), .status("3")])
        #expect(answers.codes == [.cancelled])
    }

    @Test func aCommandForADeadConnectionWasNotWritten() throws {
        let wire = try Wire()
        wire.channel.pipeline.fireChannelInactive()
        #expect(try wire.send(count: 2).codes == [.connectionFailed, .connectionFailed])
    }

    @Test func abandonedAndExpiredCommandsAreNotSent() throws {
        var batch = CommandBatch()
        for (index, word) in ["A", "B", "C", "D"].enumerated() {
            let formatted = RedisCommand(name: word, arguments: [])
            let loop = EmbeddedEventLoop()
            let promise = loop.makePromise(of: RedisReply.self)
            var single = CommandBatch()
            single.append(formatted, id: UInt64(index), waiter: .promise(promise))
            single.setDeadline(.uptimeNanoseconds(UInt64(index)))
            batch.append(single)
        }
        let load = CommandLoad()
        batch.cancelCaller(2, load)
        // The batch still contains the bytes of the command.
        #expect(load.commands == 1)
        batch.expire(at: .uptimeNanoseconds(0), with: .cancelled)
        #expect(String(buffer: batch.bytes) == "*1\r\n$1\r\nB\r\n*1\r\n$1\r\nD\r\n")
        #expect(batch.commands.map(\.id) == [1, 3])
        #expect(load.commands == 0 && load.bytes == 0)
        batch.fail(.cancelled)
    }

    @Test func everyKindOfArgumentIsEncoded() throws {
        let call = RedisCommand.ScriptCall(script: "s", keys: ["k", "ключ"])
        let arguments: [RedisArgument] = ["", .bytes([0, 13, 10, 255]), .integer(.min), 7]
        let command = RedisCommand(name: "EVALSHA", scriptCall: call, arguments: arguments)
        var buffer = ByteBuffer()
        let length = buffer.writeCommand(command)
        #expect(length == buffer.readableBytes)
        var expected = Array(
            "*9\r\n$7\r\nEVALSHA\r\n$1\r\ns\r\n$1\r\n2\r\n$1\r\nk\r\n$8\r\nключ\r\n$0\r\n\r\n$4\r\n".utf8
        )
        expected += [0, 13, 10, 255]
        expected += Array("\r\n$20\r\n-9223372036854775808\r\n$1\r\n7\r\n".utf8)
        #expect(Array(buffer.readableBytesView) == expected)
    }

    @Test func theDigestOfAScriptIsThatOfRedis() {
        #expect(RedisScript(source: "return 1").sha1 == "e0e1f9fabfc9d4800c877a703b823ac0578ff8db")
    }
}

/// The state of a connection to the test.
final class Wire {
    let channel: EmbeddedChannel
    let handler: RedisChannelHandler
    let counters = RedisMetrics()

    init(limits: RedisConfiguration.Limits = .init()) throws {
        self.handler = try RedisChannelHandler(
            server: .tcp(host: "127.0.0.1", port: 6379),
            limits: limits,
            counters: self.counters
        )
        self.channel = EmbeddedChannel(handler: self.handler)
        try self.channel.connect(to: SocketAddress(unixDomainSocketPath: "/")).wait()
    }

    deinit {
        // An embedded channel releases its handlers only in a tick of its event loop.
        _ = try? self.channel.finish(acceptAlreadyClosed: true)
        self.channel.embeddedEventLoop.run()
    }

    func send(count: Int, deadline: TimeAmount? = nil, writes: Bool = false) throws -> Answers {
        let answers = Answers()
        var batch = CommandBatch()
        for number in 1...count {
            let promise = self.channel.eventLoop.makePromise(of: RedisReply.self)
            promise.futureResult.assumeIsolated().whenComplete { answers.results.append($0) }
            let formatted = RedisCommand(name: "PING", arguments: [])
            batch.append(formatted, id: UInt64(number), needsConfirmation: writes, waiter: .promise(promise))
        }
        batch.setDeadline(deadline.map { .uptimeNanoseconds(UInt64($0.nanoseconds)) } ?? .distantFuture)
        self.handler.send(batch)
        return answers
    }

    func receive(_ bytes: some Sequence<UInt8>) {
        // A closed connection cannot receive bytes.
        guard self.channel.isActive else { return }
        self.channel.pipeline.fireChannelRead(ByteBuffer(bytes: bytes))
    }

    func receive(_ text: String) {
        self.receive(Array(text.utf8))
    }
}

/// The results of the commands so far, in order.
final class Answers {
    var results: [Result<RedisReply, any Error>] = []

    var count: Int { self.results.count }
    var replies: [RedisReply] { self.results.compactMap { try? $0.get() } }
    var codes: [RedisError.Code] {
        self.results.compactMap { result in
            if case .failure(let error as RedisError) = result { error.code } else { nil }
        }
    }
}
