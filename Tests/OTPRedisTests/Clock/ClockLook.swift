// SPDX-License-Identifier: Apache-2.0

import MovableClock
import OTPTesting

@testable import OTPRedis

/// The processes that look at the server between a jump of its clock and an attempt.
enum ClockLook: CaseIterable, Sendable {
    /// The process of the attempt checks in every interval.
    case own
    /// The only process has nothing to do until the attempt.
    case none
    /// Another process checks once; the process of the attempt has nothing to do.
    case other
    /// The process of the attempt starts right after the jump, and no other one is left.
    case restart
}

extension ClockProcess {
    /// Runs a closure with processes that share a server whose clock moves only when the test moves it.
    static func with(
        _ count: Int,
        lifetime: Duration = .seconds(300),
        _ body: (TestRedis, [ClockProcess]) async throws -> Void
    ) async throws {
        try await TestRedis.with(frozen: true) { redis in
            let configuration = try TestRedis.restricted(redis.server)
            try await ClockProcess.with(count, configuration, lifetime: lifetime) { try await body(redis, $0) }
        }
    }
}

extension TestRedis {
    /// Lets time pass after a jump, and returns the process that makes the attempt.
    func pass(_ duration: Duration, _ processes: [ClockProcess], _ look: ClockLook) async throws -> ClockProcess {
        switch look {
        case .own:
            try await self.passWithChecks(duration, [processes[0]])
            return processes[0]
        case .none:
            try self.pass(duration, processes)
            return processes[0]
        case .other:
            try await processes[1].store.checkClock()
            try self.pass(duration, processes)
            return processes[0]
        case .restart:
            try await processes[2].store.checkClock()
            try self.pass(duration, processes)
            return processes[2]
        }
    }

    /// Lets time pass, with a check in each interval, or 100 checks if there are more intervals.
    func passWithChecks(_ duration: Duration, _ processes: [ClockProcess]) async throws {
        var rest = duration
        while rest > .zero {
            let step = min(rest, max(ServerClock.interval, duration / 100))
            try self.pass(step, processes)
            for process in processes { try await process.store.checkClock() }
            rest -= step
        }
    }
}
