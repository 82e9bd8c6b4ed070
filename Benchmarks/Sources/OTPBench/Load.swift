// SPDX-License-Identifier: Apache-2.0

import CSocketWrites

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The cost of many repetitions of an operation.
struct Load: Sendable {
    var operations: Int
    var elapsed: Duration
    /// The latency of each operation in nanoseconds, in ascending order.
    var latencies: [Int64]
    /// The CPU time of this process.
    var processorTime: Duration
    var socketWrites: Int
    /// The number of failed operations.
    var failures: Int

    var perSecond: Double { Double(self.operations) / self.elapsed.seconds }

    /// Returns a percentile of the latency in microseconds.
    func percentile(_ share: Double) -> Double {
        let position = min(Int(Double(self.latencies.count) * share), self.latencies.count - 1)
        return Double(self.latencies[position]) / 1000
    }

    /// Repeats an operation in several concurrent tasks.
    ///
    /// Each task starts its next operation as soon as its previous operation has ended.
    ///
    /// - Parameters:
    ///   - operations: The total number of operations.
    ///   - tasks: The number of tasks.
    ///   - executor: The executor of the tasks; `nil` for the global thread pool.
    ///   - operation: Performs the operation with an index, and returns whether it succeeded.
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

    /// Repeats an operation like ``run(_:tasks:executor:_:)``, but without a clock, whose instructions would also be counted.
    ///
    /// - Returns: The number of failed operations.
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

    /// Runs several tasks, and distributes the indexes among them in turn.
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
