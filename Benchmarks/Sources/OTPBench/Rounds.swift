// SPDX-License-Identifier: Apache-2.0

import OTP
import SMSKit

/// Runs the library and `redis-benchmark` in turn, on one server with equal records.
final class Rounds {
    /// The amount of work.
    struct Plan {
        var rounds: Int

        /// The number of live challenges.
        var numbers: Int

        var depths: [Int]

        /// Whether the global thread pool is also measured.
        var usesPool = true

        /// Returns the number of operations at a pipeline depth.
        ///
        /// There are at most 0.3 operations per phone number. With random selection, almost no number then gets more than 5
        /// attempts.
        func operations(_ depth: Int) -> Int {
            let most = depth < 16 ? self.numbers / 20 : 3 * self.numbers / 10
            // `redis-benchmark` finishes whole batches. If it finishes more commands than requested, it sometimes fails at the
            // end with "All clients disconnected".
            return most - most % depth
        }
    }

    /// The threads of the tasks that call the library.
    private enum Placement {
        /// The thread of the connection, which a program can select.
        case eventLoop
        /// The global thread pool, which is the default.
        case pool

        func executor(_ workload: Workload) -> (any TaskExecutor)? {
            switch self {
            case .eventLoop: workload.executor
            case .pool: nil
            }
        }
    }

    /// The number of attempts per code in the policy.
    private static let guesses = 5

    /// The number of recorded commands, one of which `redis-benchmark` uses.
    private static let recordedCommands = 50

    private(set) var samples = Samples()

    private let plan: Plan
    private let server: RedisServer
    private let keys: KeyRing
    private let connection: RawConnection
    private let workload: Workload
    private let secureWorkload: Workload?

    /// The index of the first unused phone number.
    private var unused = 0

    init(_ plan: Plan, server: RedisServer, secureURL: String?) throws {
        self.plan = plan
        self.server = server
        self.keys = try KeyRing(text: KeyRing.makeText())
        self.connection = try RawConnection(port: server.port)
        self.workload = try Workload(url: server.url, keys: self.keys)
        self.secureWorkload = if let secureURL { try Workload(url: secureURL, keys: self.keys) } else { nil }
    }

    /// Runs a warm-up round, whose figures are ignored, and then all rounds.
    func run(progress: (String) -> Void) async throws {
        for round in 0...self.plan.rounds {
            progress(round == 0 ? "warming up" : "round \(round) of \(self.plan.rounds)")
            let before = ProcessorUse.current(server: try ServerMeter.processorTime(self.connection))
            try await self.runVerifies(libraryFirst: round % 2 == 0)
            try await self.runIssues(libraryFirst: round % 2 == 1)
            let after = ProcessorUse.current(server: try ServerMeter.processorTime(self.connection))
            self.samples.add("foreignCores", before.foreignCores(until: after))
            if round == 0 { self.samples = Samples() }
        }
        try await self.workload.shutdown()
        try await self.secureWorkload?.shutdown()
    }

    private func runVerifies(libraryFirst: Bool) async throws {
        let population = try await self.populate()
        let restoring = population.records.map(\.restoring)
        let recorded = try await self.record { [workload] in await workload.attempt(population.targets[$0]) }
        let peer = try RedisBenchmark(
            recorded: recorded.commands,
            script: recorded.script,
            records: population.records,
            port: self.server.port
        )
        let peerRestoring = peer.preparation(population.targets.count)

        func library(
            _ workload: Workload,
            _ depth: Int,
            _ placement: Placement = .eventLoop
        ) async throws -> (Load, ServerMeter) {
            try self.connection.pipeline(restoring, depth: 256)
            let targets = Self.picks(self.plan.operations(depth), from: population.targets)
            return try await self.load(targets.count, depth, placement.executor(workload)) {
                await workload.attempt(targets[$0])
            }
        }

        for depth in self.plan.depths {
            try await self.compare("verify", depth, libraryFirst: libraryFirst) {
                try await library(self.workload, depth, $0)
            } peer: {
                try self.connection.pipeline(peerRestoring, depth: 256)
                return try await ServerMeter.run(self.connection) {
                    try await peer.run(
                        self.plan.operations(depth),
                        depth: depth,
                        numbers: population.targets.count
                    )
                }
            }
        }
        guard let secureWorkload else { return }
        let plain: (Load, ServerMeter)
        let secure: (Load, ServerMeter)
        if libraryFirst {
            plain = try await library(self.workload, 64)
            secure = try await library(secureWorkload, 64)
        } else {
            secure = try await library(secureWorkload, 64)
            plain = try await library(self.workload, 64)
        }
        self.samples.add("tlsPerSecond64", secure.0.perSecond)
        self.samples.add("tlsRatio64", secure.0.perSecond / plain.0.perSecond)
    }

    private func runIssues(libraryFirst: Bool) async throws {
        try self.connection.call("FLUSHALL")
        let first = self.takeNumbers(Self.recordedCommands)
        let recorded = try await self.record { [workload] in await workload.issue(Workload.number(first + $0)) }
        let peer = try RedisBenchmark(
            recorded: recorded.commands,
            script: recorded.script,
            records: [],
            port: self.server.port
        )
        for depth in self.plan.depths {
            let operations = self.plan.operations(depth)
            try await self.compare("issue", depth, libraryFirst: libraryFirst) { [workload] placement in
                try self.connection.call("FLUSHALL")
                let first = self.takeNumbers(operations)
                let numbers = (0..<operations).map { Workload.number(first + $0) }
                return try await self.load(operations, depth, placement.executor(workload)) {
                    await workload.issue(numbers[$0])
                }
            } peer: {
                try self.connection.call("FLUSHALL")
                // Among this many numbers, repetitions are rare.
                return try await ServerMeter.run(self.connection) {
                    try await peer.run(operations, depth: depth, numbers: Int(Int32.max))
                }
            }
        }
    }

    /// Issues a challenge for each phone number of a new population, and measures the server memory per challenge.
    private func populate() async throws -> Population {
        func usedMemory() throws -> Double {
            let memory = try RawConnection(port: self.server.port).info("memory")
            return memory["used_memory"].flatMap { Double($0) } ?? 0
        }
        try self.connection.call("FLUSHALL")
        let before = try usedMemory()
        let population = try await Population.make(
            self.plan.numbers,
            from: self.takeNumbers(self.plan.numbers),
            url: self.server.url,
            keys: self.keys,
            port: self.server.port
        )
        self.samples.add("bytesPerChallenge", (try usedMemory() - before) / Double(population.targets.count))
        return population
    }

    /// Records the commands of the library, and the text of its script.
    private func record(
        _ operation: @escaping @Sendable (Int) async -> Bool
    ) async throws -> (commands: [[[UInt8]]], script: [UInt8]) {
        // After the flush, the library sends the text once.
        try self.connection.call("SCRIPT", "FLUSH")
        var failures = 0
        let commands = try await CommandRecording.commands(port: self.server.port) {
            failures = await Load.run(Self.recordedCommands, tasks: 1, operation).failures
        }
        guard failures == 0, let text = commands.first(where: { $0[0] == Array("EVAL".utf8) }) else {
            throw BenchError("the commands of the library could not be recorded")
        }
        return (commands.filter { $0[0] == Array("EVALSHA".utf8) }, text[1])
    }

    private func load(
        _ operations: Int,
        _ tasks: Int,
        _ executor: (any TaskExecutor)?,
        _ operation: @escaping @Sendable (Int) async -> Bool
    ) async throws -> (Load, ServerMeter) {
        let (load, meter) = try await ServerMeter.run(self.connection) {
            await Load.run(operations, tasks: tasks, executor: executor, operation)
        }
        guard load.failures == 0 else {
            throw BenchError("\(load.failures) of \(operations) calls did not end as they should")
        }
        return (load, meter)
    }

    /// Runs the library and `redis-benchmark`, checks that the server did equal work for both, and stores the figures.
    private func compare(
        _ name: String,
        _ depth: Int,
        libraryFirst: Bool,
        library: (Placement) async throws -> (Load, ServerMeter),
        peer: () async throws -> (RedisBenchmark.Result, ServerMeter)
    ) async throws {
        let (load, meter): (Load, ServerMeter)
        let (result, peerMeter): (RedisBenchmark.Result, ServerMeter)
        let pool: Load?
        if libraryFirst {
            pool = self.plan.usesPool ? try await library(.pool).0 : nil
            (load, meter) = try await library(.eventLoop)
            (result, peerMeter) = try await peer()
        } else {
            (result, peerMeter) = try await peer()
            (load, meter) = try await library(.eventLoop)
            pool = self.plan.usesPool ? try await library(.pool).0 : nil
        }
        guard meter.isLike(peerMeter) else {
            throw BenchError(
                "\(name): the server did \(meter.callsPerScript) for us and \(peerMeter.callsPerScript) for redis-benchmark"
            )
        }
        let scripts = Double(meter.scripts)
        let p50 = load.percentile(0.5)
        let p99 = load.percentile(0.99)
        self.samples.add("\(name)PerSecond\(depth)", load.perSecond)
        self.samples.add("\(name)PeerPerSecond\(depth)", result.perSecond)
        self.samples.add("\(name)Ratio\(depth)", load.perSecond / result.perSecond)
        if let pool {
            self.samples.add("\(name)PoolPerSecond\(depth)", pool.perSecond)
            self.samples.add("\(name)PoolRatio\(depth)", pool.perSecond / result.perSecond)
        }
        self.samples.add("\(name)P50Microseconds\(depth)", p50)
        self.samples.add("\(name)P99Microseconds\(depth)", p99)
        self.samples.add("\(name)PeerP50Microseconds\(depth)", result.p50)
        self.samples.add("\(name)PeerP99Microseconds\(depth)", result.p99)
        self.samples.add("\(name)P50Ratio\(depth)", p50 / result.p50)
        self.samples.add("\(name)P99Ratio\(depth)", p99 / result.p99)
        self.samples.add("\(name)ClientMicroseconds\(depth)", load.processorTime.seconds * 1e6 / scripts)
        self.samples.add("\(name)ServerMicroseconds\(depth)", meter.processorTime * 1e6 / scripts)
        self.samples.add(
            "\(name)PeerServerMicroseconds\(depth)",
            peerMeter.processorTime * 1e6 / Double(peerMeter.scripts)
        )
        self.samples.add("\(name)CommandsPerWrite\(depth)", scripts / Double(load.socketWrites))
    }

    private func takeNumbers(_ count: Int) -> Int {
        defer { self.unused += count }
        return self.unused
    }

    /// Selects phone numbers at random, each at most as often as the policy allows attempts.
    private static func picks(_ count: Int, from targets: [Target]) -> [Target] {
        var drawn = [Int](repeating: 0, count: targets.count)
        var picks: [Target] = []
        picks.reserveCapacity(count)
        while picks.count < count {
            let position = Int.random(in: targets.indices)
            guard drawn[position] < Self.guesses else { continue }
            drawn[position] += 1
            picks.append(targets[position])
        }
        return picks
    }
}
