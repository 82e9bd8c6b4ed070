// SPDX-License-Identifier: Apache-2.0

import MovableClock
import OTPTesting

@testable import OTPRedis

/// The process that checks the server's clock between a jump of the clock and an attempt.
enum ClockLook: CaseIterable, Sendable {
    /// The process of the attempt checks the clock in every interval.
    case own
    /// No process checks the clock until the attempt.
    case none
    /// Another process checks the clock once, while the process of the attempt is idle.
    case other
    /// The process of the attempt starts directly after the jump, when all other processes have ended.
    case restart
}

extension ClockProcess {
    /// Runs a closure with several processes and a server whose clock only the test moves.
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
    /// Advances the clocks after a jump, and returns the process that makes the attempt.
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

    /// Advances the clocks, with a check in each interval, but at most 100 checks.
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
