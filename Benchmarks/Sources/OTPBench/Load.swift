// SPDX-License-Identifier: Apache-2.0

import CSocketWrites

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The cost of many repetitions.
struct Load: Sendable {
    var operations: Int
    var elapsed: Duration
    /// How long each operation took, in nanoseconds, shortest first.
    var latencies: [Int64]
    /// The processor time of this process.
    var processorTime: Duration
    var socketWrites: Int
    /// How many operations did not end as they should.
    var failures: Int

    var perSecond: Double { Double(self.operations) / self.elapsed.seconds }

    /// The latency that a share of the operations does not exceed, in microseconds.
    func percentile(_ share: Double) -> Double {
        let position = min(Int(Double(self.latencies.count) * share), self.latencies.count - 1)
        return Double(self.latencies[position]) / 1000
    }

    /// Does something many times in several tasks, each of which goes on as soon as it has its answer.
    ///
    /// - Parameters:
    ///   - operations: How often.
    ///   - tasks: The number of tasks.
    ///   - executor: Where the tasks run, if not on the threads that all tasks share.
    ///   - operation: What to do at a position; it returns whether that ended as it should.
    /// - Returns: The cost.
    static func run(
        _ operations: Int,
        tasks: Int,
        executor: (any TaskExecutor)? = nil,
        _ operation: @escaping @Sendable (Int) async -> Bool
    ) async -> Load {
        let clock = ContinuousClock()
        let processorTime = Self.processorTime()
        let socketWrites = socket_writes()
        let start = clock.now
        var load = Load(
            operations: operations,
            elapsed: .zero,
            latencies: [],
            processorTime: .zero,
            socketWrites: 0,
            failures: 0
        )
        let parts = await Self.spread(operations, over: tasks, executor: executor) { positions in
            var latencies: [Int64] = []
            latencies.reserveCapacity(operations / tasks + 1)
            var failures = 0
            for position in positions {
                let begin = clock.now
                if !(await operation(position)) { failures += 1 }
                latencies.append(Int64(begin.duration(to: clock.now) / .nanoseconds(1)))
            }
            return (latencies, failures)
        }
        load.elapsed = start.duration(to: clock.now)
        load.processorTime = Self.processorTime() - processorTime
        load.socketWrites = socket_writes() - socketWrites
        load.latencies = parts.flatMap(\.0).sorted()
        load.failures = parts.reduce(0) { $0 + $1.1 }
        return load
    }

    /// Repeats an operation like ``run(_:tasks:executor:_:)``, without reading a clock, so that only the operation is counted.
    ///
    /// - Returns: How many operations did not end as they should.
    static func failures(
        _ operations: Int,
        tasks: Int,
        executor: (any TaskExecutor)? = nil,
        _ operation: @escaping @Sendable (Int) async -> Bool
    ) async -> Int {
        await Self.spread(operations, over: tasks, executor: executor) { positions in
            var failures = 0
            for position in positions where !(await operation(position)) { failures += 1 }
            return failures
        }
        .reduce(0, +)
    }

    /// Runs several tasks that share the positions in turns.
    private static func spread<Part: Sendable>(
        _ operations: Int,
        over tasks: Int,
        executor: (any TaskExecutor)?,
        _ part: @escaping @Sendable (StrideTo<Int>) async -> Part
    ) async -> [Part] {
        await withTaskGroup { group in
            for task in 0..<tasks {
                group.addTask(executorPreference: executor) {
                    await part(stride(from: task, to: operations, by: tasks))
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    private static func processorTime() -> Duration {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return .seconds(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
            + .microseconds(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec)
    }
}

extension Duration {
    var seconds: Double { self / .seconds(1) }
}
