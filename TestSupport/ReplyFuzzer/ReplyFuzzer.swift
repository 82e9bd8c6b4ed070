// SPDX-License-Identifier: Apache-2.0

import Foundation

#if DEBUG
    import NIOCore
    import NIOEmbedded
    @testable import Hiredis

    /// A program that sends valid and corrupted Redis replies, in chunks of any size, to the parser and to the connection.
    ///
    /// The program checks the results, the time and the memory. The arguments are the number of chunks and the seed. The exit
    /// status is 1 after a failed check. If the program hangs, `SIGALRM` kills it.
    @main struct ReplyFuzzer {
        static func main() throws {
            let arguments = CommandLine.arguments
            guard arguments.count == 3, let chunks = Int(arguments[1]), let seed = UInt64(arguments[2]) else {
                print("usage: ReplyFuzzer CHUNKS SEED")
                exit(64)
            }
            var run = FuzzRun(seed: seed)
            try run.feed(chunks: chunks)
            run.report()
            exit(run.faults.isEmpty ? 0 : 1)
        }
    }

    /// A run that opens one connection after another until the number of chunks is reached.
    struct FuzzRun {
        /// The maximum time for one chunk, with a margin for a busy machine.
        static let longestStep = Duration.seconds(2)
        /// The maximum growth of memory in bytes after the first connections.
        ///
        /// This is the size of a few replies of the maximum size.
        static let longestGrowth = 16 << 20

        private var maker: ReplyMaker
        private let seed: UInt64
        private let start = ContinuousClock.now
        private var chunks = 0
        private var connections = 0
        private var replies = 0
        private var violations = 0
        private var slowest = Duration.zero
        private var firstResident = 0
        private var peakResident = 0
        private(set) var faults: [String] = []

        init(seed: UInt64) {
            self.seed = seed
            self.maker = ReplyMaker(seed: seed)
        }

        mutating func feed(chunks total: Int) throws {
            while self.chunks < total {
                if self.connections % 1_000 == 0 {
                    // The system kills a process that hangs.
                    alarm(120)
                    self.watchMemory()
                }
                self.connections += 1
                let isFlood = self.maker.happens(onceIn: 20_000)
                let isSound = !isFlood && self.maker.happens(onceIn: 5)
                let expected = (0..<self.maker.number(1..<12)).map { _ in self.maker.reply() }
                var bytes = expected.flatMap(ReplyMaker.bytes)
                if !isSound { bytes = self.maker.spoiled(bytes) }
                if isFlood { bytes += [UInt8](repeating: 120, count: 5 << 20) }
                let pieces = self.cut(bytes)
                if self.maker.happens(onceIn: 8) {
                    try self.feedHandler(pieces, expected, isSound: isSound)
                } else {
                    try self.feedReader(pieces, expected, isSound: isSound)
                }
            }
            alarm(0)
            self.watchMemory()
        }

        func report() {
            print(
                """
                chunks \(self.chunks), connections \(self.connections), replies parsed \(self.replies), \
                violations \(self.violations), peak RSS \(self.peakResident >> 20) MiB \
                (\(self.firstResident >> 20) MiB at first), slowest chunk \(self.slowest), \
                \((ContinuousClock.now - self.start).components.seconds) s, seed \(self.seed), faults \(self.faults.count)
                """
            )
            for fault in self.faults.prefix(20) { print("fault: \(fault)") }
        }

        private mutating func cut(_ bytes: [UInt8]) -> [ByteBuffer] {
            var pieces: [ByteBuffer] = []
            var rest = bytes[...]
            let longest = [2, 8, 32, 128, 2_048][self.maker.number(0..<5)]
            while !rest.isEmpty {
                // If a long stream were sent in single bytes, it would take most of the run.
                let most = max(longest, bytes.count / 64)
                let piece = rest.prefix(self.maker.number(1..<most + 1))
                rest = rest.dropFirst(piece.count)
                pieces.append(ByteBuffer(bytes: piece))
            }
            return pieces
        }

        private mutating func feedReader(_ pieces: [ByteBuffer], _ expected: [RedisReply], isSound: Bool) throws {
            var reader = try ReplyReader(limits: .init())
            var parsed: [RedisReply] = []
            do throws(RedisError) {
                for piece in pieces {
                    let start = ContinuousClock.now
                    self.chunks += 1
                    try reader.feed(piece)
                    while let reply = try reader.next() { parsed.append(reply) }
                    self.took(ContinuousClock.now - start)
                }
            } catch {
                self.violations += 1
                if error.code != .protocolViolation { self.fault("a reader failed with \(error.code)") }
                if isSound { self.fault("sound replies were refused") }
            }
            self.replies += parsed.count
            if isSound && parsed != expected { self.fault("sound replies were read as others") }
        }

        private mutating func feedHandler(_ pieces: [ByteBuffer], _ expected: [RedisReply], isSound: Bool) throws {
            let handler = try RedisChannelHandler(
                server: .unixSocket(path: "/"),
                limits: .init(),
                counters: RedisMetrics()
            )
            let channel = EmbeddedChannel(handler: handler)
            try channel.connect(to: SocketAddress(unixDomainSocketPath: "/")).wait()
            let answers = Answers()
            var batch = CommandBatch()
            for number in expected.indices {
                let promise = channel.eventLoop.makePromise(of: RedisReply.self)
                promise.futureResult.assumeIsolated().whenComplete { answers.results.append($0) }
                let formatted = RedisCommand(name: "PING", arguments: [])
                batch.append(formatted, id: UInt64(number), waiter: .promise(promise))
            }
            batch.setDeadline(.distantFuture)
            handler.send(batch)
            // Some callers are cancelled, but their entries remain until the replies arrive.
            var abandoned: Set<Int> = []
            var cancellations = CallerCancellations()
            for number in expected.indices where self.maker.happens(onceIn: 6) {
                abandoned.insert(number)
                cancellations.insert(UInt64(number), .cancelled)
            }
            _ = handler.abandon(&cancellations)
            for piece in pieces where channel.isActive {
                let start = ContinuousClock.now
                self.chunks += 1
                channel.pipeline.fireChannelRead(piece)
                self.took(ContinuousClock.now - start)
            }
            if handler.failure != nil {
                self.violations += 1
                if isSound { self.fault("a sound connection was ended") }
            }
            if handler.failure == nil { channel.pipeline.fireChannelInactive() }
            if answers.results.count != expected.count {
                self.fault("\(answers.results.count) of \(expected.count) commands were answered")
            }
            let replies = answers.results.compactMap { try? $0.get() }
            self.replies += replies.count
            if isSound, replies != expected.indices.filter({ !abandoned.contains($0) }).map({ expected[$0] }) {
                self.fault("a command got the reply of another")
            }
            _ = try? channel.finish(acceptAlreadyClosed: true)
            channel.embeddedEventLoop.run()
        }

        private mutating func took(_ duration: Duration) {
            self.slowest = max(self.slowest, duration)
            if duration > Self.longestStep { self.fault("a chunk took \(duration)") }
        }

        private mutating func watchMemory() {
            guard
                let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),
                let pages = text.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
            else {
                self.fault("/proc/self/statm cannot be read")
                return
            }
            let resident = pages * Int(getpagesize())
            self.peakResident = max(self.peakResident, resident)
            // After 1,000 connections, the memory of the process is stable.
            if self.connections <= 1_000 { self.firstResident = resident }
            if resident > self.firstResident + Self.longestGrowth {
                self.fault("it grew from \(self.firstResident) to \(resident) bytes")
            }
        }

        private mutating func fault(_ text: String) {
            self.faults.append("connection \(self.connections), chunk \(self.chunks): \(text)")
        }
    }

    /// The results of the commands so far.
    private final class Answers {
        var results: [Result<RedisReply, any Error>] = []
    }
#else
    /// A program that only reports an error, because a release build cannot import a module with @testable.
    @main struct ReplyFuzzer {
        static func main() {
            print("ReplyFuzzer must be built for debugging: scripts/fuzz replies")
            exit(78)
        }
    }
#endif
