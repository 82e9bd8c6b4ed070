// SPDX-License-Identifier: Apache-2.0

import OTP
import OTPRedis
import SMSKit
import SendGuard

/// Runs the guard alone, the service with the guard, and the service without the guard, in turn, on one server.
final class GuardRounds {
    private static let tasks = 64

    private let calls: Int
    private let server: RedisServer
    private let keys: KeyRing
    private let connection: RawConnection
    private let plain: Workload
    private let guarded: Workload
    private var samples = Samples()

    init(calls: Int, server: RedisServer) throws {
        self.calls = calls
        self.server = server
        self.keys = try KeyRing(text: KeyRing.makeText())
        self.connection = try RawConnection(port: server.port)
        self.plain = try Workload(url: server.url, keys: self.keys)
        self.guarded = try Workload(url: server.url, keys: self.keys, guardPolicy: GuardPolicy.bench)
    }

    /// Runs a warm-up round, whose figures are ignored, and then all rounds.
    func run(_ rounds: Int, progress: (String) -> Void) async throws -> Samples {
        for round in 0...rounds {
            progress(round == 0 ? "warming up" : "round \(round) of \(rounds)")
            let before = ProcessorUse.current(server: try ServerMeter.processorTime(self.connection))
            try await self.runDecisions()
            try await self.compare("Issue", guardedFirst: round % 2 == 0) { try await self.issue($0) }
            try await self.compare("Verify", guardedFirst: round % 2 == 1) { workload in
                try await self.verify(workload, { _ in nil }) { target, _ in await workload.attempt(target) }
            }
            // Each user has a separate address, and the codes belong to 3 blocks. Fewer outcomes are therefore merged than
            // in an attack from one address.
            try await self.compare("RightVerify", guardedFirst: round % 2 == 0) { workload in
                try await self.verify(workload, GuardTraffic.source) { await workload.confirm($0, from: $1) }
            }
            let after = ProcessorUse.current(server: try ServerMeter.processorTime(self.connection))
            self.samples.add("foreignCores", before.foreignCores(until: after))
            if round == 0 { self.samples = Samples() }
        }
        try await self.plain.shutdown()
        try await self.guarded.shutdown()
        return self.samples
    }

    private func runDecisions() async throws {
        try self.connection.call("FLUSHALL")
        let (load, meter) = try await ServerMeter.run(self.connection) { [guarded] in
            await Load.run(self.calls, tasks: Self.tasks, executor: guarded.executor) {
                await guarded.decide(GuardTraffic.request($0))
            }
        }
        try Self.check(load)
        let microseconds = meter.processorTime * 1e6 / Double(self.calls)
        self.samples.add("guardServerMicroseconds", microseconds)
        self.samples.add("guardDecisionsPerCore", 1e6 / microseconds)
        self.samples.add("guardDecisionsPerSecond", load.perSecond)
    }

    private func compare(
        _ name: String,
        guardedFirst: Bool,
        _ run: (Workload) async throws -> Cost
    ) async throws {
        let first = try await run(guardedFirst ? self.guarded : self.plain)
        let second = try await run(guardedFirst ? self.plain : self.guarded)
        let (plain, guarded) = guardedFirst ? (second, first) : (first, second)
        self.samples.add("plain\(name)PerSecond", plain.perSecond)
        self.samples.add("guarded\(name)PerSecond", guarded.perSecond)
        self.samples.add("guarded\(name)Ratio", guarded.perSecond / plain.perSecond)
        self.samples.add("plain\(name)Microseconds", plain.microseconds)
        self.samples.add("guarded\(name)Microseconds", guarded.microseconds)
        self.samples.add("guarded\(name)ProcessorRatio", plain.microseconds / guarded.microseconds)
    }

    private func issue(_ workload: Workload) async throws -> Cost {
        try self.connection.call("FLUSHALL")
        return try await self.measure(workload) {
            await workload.issue(GuardTraffic.number($0), from: GuardTraffic.source($0))
        }
    }

    private func verify(
        _ workload: Workload,
        _ source: @escaping @Sendable (Int) -> SourceAddress?,
        _ call: @escaping @Sendable (Target, SourceAddress?) async -> Bool
    ) async throws -> Cost {
        // A few numbers may be dropped, because their code is the wrong code of an attempt.
        let population = try await Population.make(
            self.calls + 16,
            url: self.server.url,
            keys: self.keys,
            port: self.server.port
        )
        // Each code was sent before, so its source and its block have a record.
        let sends = await Load.run(self.calls, tasks: Self.tasks, executor: self.guarded.executor) { [guarded] in
            await guarded.decide(GuardTraffic.request(to: population.targets[$0].number, from: source($0)))
        }
        try Self.check(sends)
        return try await self.measure(workload) { await call(population.targets[$0], source($0)) }
    }

    /// Measures calls, together with the reports to the guard that they cause.
    private func measure(
        _ workload: Workload,
        _ operation: @escaping @Sendable (Int) async -> Bool
    ) async throws -> Cost {
        let before = ProcessorUse.current(server: try ServerMeter.processorTime(self.connection))
        let load = await Load.run(self.calls, tasks: Self.tasks, executor: workload.executor, operation)
        try Self.check(load)
        let flush = await ContinuousClock().measure { await workload.flush() }
        let after = ProcessorUse.current(server: try ServerMeter.processorTime(self.connection))
        let calls = Double(self.calls)
        return Cost(
            perSecond: calls / (load.elapsed + flush).seconds,
            microseconds: (after.own - before.own) * 1e6 / calls
        )
    }

    /// The cost of one kind of call.
    private struct Cost {
        var perSecond: Double
        /// The CPU time of the client and the server per call.
        var microseconds: Double
    }

    private static func check(_ load: Load) throws {
        guard load.failures == 0 else {
            throw BenchError("\(load.failures) of \(load.operations) calls did not end as they should")
        }
    }
}

extension GuardPolicy {
    /// All standard rules, with limits that the benchmark never reaches.
    static var bench: Self {
        var policy = Self(homeRegions: [.mainlandChina], serviceBudget: .bench)
        policy.tenantBudget = .bench
        policy.regionBudgets[.mainlandChina] = .bench
        policy.prices[.mainlandChina] = 500
        for index in policy.rules.indices { policy.rules[index].threshold.widen() }
        return policy
    }
}

extension GuardPolicy.Budget {
    fileprivate static let bench = Self(messages: 1 << 30, money: 1 << 45)
}

extension GuardRule.Threshold {
    fileprivate mutating func widen() {
        switch self {
        case .bucket(var bucket):
            (bucket.capacity, bucket.checkedCapacity) = (65_535, 65_535)
            self = .bucket(bucket)
        case .growth(_, let factor): self = .growth(floor: 1 << 30, factor: factor)
        case .none, .budget, .regions: break
        }
    }
}
