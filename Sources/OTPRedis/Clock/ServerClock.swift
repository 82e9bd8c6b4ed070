// SPDX-License-Identifier: Apache-2.0

import Deadlines
import Hiredis
import JSONOutput
import Logging
import Metrics
import NIOCore
import OTP
import Synchronization

/// Detects when the clock of a Redis server is set back, and then starts a new epoch (`ClockEpoch`) for all processes.
///
/// A check makes two comparisons for each server:
///
/// - The clock record in Redis contains the highest time that any process has read from the server. The server's clock must not
///   be below this time.
/// - Since the previous check, the server's clock must have advanced at least as much as the monotonic clock of this process.
///
/// Differences of up to 30 seconds (``ClockReading/tolerance``) are tolerated.
final class ServerClock: Sendable {
    /// The interval of the clock checks while the store is in use.
    static let interval = Duration.seconds(10)

    /// The maximum age of the last clock check at the start of a store operation.
    ///
    /// If the last check is older, the operation waits for a new check.
    static let longestGap = Duration.seconds(30)

    /// The maximum number of attempts to write the clock record.
    static let longestRace = 16

    /// The error if other processes changed the clock record during every attempt to write it.
    static let busy = RedisError(code: .overloaded, message: "too many processes check the clock at the same time")

    /// The state of the clock in this process.
    private struct State {
        /// The epoch; `nil` before the first check.
        var epoch: ClockEpoch?
        /// The last reading from each primary in this epoch, keyed by the primary's lowest hash slot.
        var readings: [Int: ClockReading] = [:]
        /// The start of the last completed check, on the monotonic clock.
        var lastCheck = Duration.zero
        /// The check in progress; `nil` if no check is running.
        var check: Task<Result<ClockEpoch, any Error>, Never>?
        /// The number of consecutive failed checks.
        var failures = 0
        /// Whether proofs from other services were refused at the last check.
        ///
        /// A proof is a signed statement that a user controls a phone number.
        var isRefusing = false
    }

    /// The result of a check that found that a clock was set back.
    private struct Jump {
        /// An upper bound of the time that the clock showed before it was set back.
        ///
        /// The value is `nil` if this process had not read the clock in the current epoch before the check.
        var latest: StoreTime?
    }

    let client: RedisClient
    let key: String
    private let now: @Sendable () -> Duration
    private let timers: Timers
    private let timer: Metrics.Timer
    private let jumps = Counter(label: "otp.redis.clock_jumps")
    private let state = Mutex(State())

    /// Creates a clock, without sending a command.
    ///
    /// - Parameters:
    ///   - client: The client of the Redis servers.
    ///   - key: The key of the clock record.
    ///   - timer: The timer of the script that writes the record.
    ///   - clock: The monotonic clock of this process.
    init<C: Clock>(client: RedisClient, key: String, timer: Metrics.Timer, clock: C) where C.Duration == Duration {
        let origin = clock.now
        self.client = client
        self.key = key
        self.timer = timer
        self.now = { origin.duration(to: clock.now) }
        self.timers = Timers(clock: clock)
    }

    /// Returns the current epoch, usually without I/O.
    ///
    /// Most clock checks run in the background. The first call waits for a check. A call after an idle period of 30 seconds
    /// also waits. If a check fails, the last known epoch remains valid.
    ///
    /// - Throws: The error of the check if the epoch is not yet known.
    func epoch() async throws -> ClockEpoch {
        let now = self.now()
        let (epoch, age) = self.state.withLock { ($0.epoch, now - $0.lastCheck) }
        if let epoch, age < Self.interval { return epoch }
        let check = self.startCheck()
        if let epoch, age < Self.longestGap { return epoch }
        let result = await check.value
        // A failed check may have read the epoch before it failed.
        return try self.state.withLock { $0.epoch } ?? result.get()
    }

    /// Returns the time of the primary whose clock is furthest ahead; `nil` if there is no reading from the current epoch.
    ///
    /// The time of a primary is the time of its last reading, plus the elapsed time on the monotonic clock.
    ///
    /// - Throws: The error of the check if the epoch is not yet known.
    func time() async throws -> StoreTime? {
        _ = try await self.epoch()
        let now = self.now()
        return self.state.withLock { $0.readings.values.map { $0.time + max(.zero, now - $0.end) }.max() }
    }

    /// Runs a clock check, or waits for the check in progress.
    ///
    /// - Returns: The epoch.
    /// - Throws: The error of the check. If the epoch was already known in this process, a failed check does not change it.
    @discardableResult
    func check() async throws -> ClockEpoch {
        try await self.startCheck().value.get()
    }

    /// Runs a clock check in every ``interval`` until the task is cancelled.
    func poll() async {
        var isFirst = true
        while !Task.isCancelled {
            let rest = Self.interval - (self.now() - self.state.withLock { $0.lastCheck })
            if isFirst || rest <= .zero {
                isFirst = false
                _ = await self.startCheck().value
            } else {
                await Promise<Void>().wait(atMost: rest, on: self.timers, otherwise: ())
            }
        }
    }

    /// Starts a check, and returns its task; returns the task of the check in progress, if any.
    private func startCheck() -> Task<Result<ClockEpoch, any Error>, Never> {
        self.state.withLock { state in
            if let check = state.check { return check }
            // A detached task inherits no priority and no task-local values from the caller that starts the check.
            let check = Task.detached { await self.runCheck() }
            state.check = check
            return check
        }
    }

    private func runCheck() async -> Result<ClockEpoch, any Error> {
        let start = self.now()
        let result: Result<ClockEpoch, any Error>
        do {
            result = .success(try await self.compare())
        } catch {
            result = .failure(error)
        }
        let failures = self.state.withLock { state in
            state.check = nil
            state.lastCheck = start
            if case .success = result { state.failures = 0 } else { state.failures += 1 }
            return state.failures
        }
        if case .failure(let error) = result, (error as? RedisError)?.code != .clientClosed {
            // As for connection failures, only the first of several consecutive failures is logged at notice level.
            self.client.counters.logger.log(
                level: failures == 1 ? .notice : .debug,
                "Redis clock check failed",
                metadata: ["redis.error": "\(error)"]
            )
        }
        return result
    }

    /// Performs a check: reads the clock record, reads the clocks, and updates the record.
    ///
    /// The record contains the highest time that was read from each clock. The method reads the record before the clocks.
    /// Therefore a clock was set back if its time is earlier than in the record, even if the process was suspended between the
    /// two reads.
    private func compare() async throws -> ClockEpoch {
        let bytes = try await self.load()
        let record = try ClockRecord(bytes)
        // If another process has started a new epoch, the earlier readings are ignored, because the clock was set back after
        // them.
        let earlier = self.state.withLock { $0.epoch?.rawValue == record.epoch.rawValue ? $0.readings : [:] }
        do {
            let readings = try await self.read()
            let isSetBack = readings.contains { slot, reading in
                record.marks[slot].map(reading.isBehind) == true || earlier[slot].map(reading.isBehind) == true
            }
            let latest = readings.compactMap { slot, reading in earlier[slot].map(reading.latest(since:)) }.max()
            let update = try await self.write(readings, isSetBack ? Jump(latest: latest) : nil, over: bytes)
            self.state.withLock { state in
                state.epoch = update.epoch
                // If another process has changed the epoch, the readings may be from before the clock was set back.
                state.readings = update.isOwn ? earlier.merging(readings) { $1 } : [:]
            }
            self.logRefusal(in: update.epoch, at: readings.values.lazy.map(\.time).min())
            return update.epoch
        } catch {
            self.state.withLock { $0.epoch = $0.epoch ?? record.epoch }
            throw error
        }
    }

    func load() async throws -> [UInt8] {
        switch try await self.client.send("GET", .text(self.key)) {
        case .null: []
        case .bulk(let bytes): bytes
        default: throw ScriptReply.unexpected
        }
    }

    /// Reads the clocks of all primaries that reply.
    func read() async throws -> [Int: ClockReading] {
        let start = self.now()
        let replies = await self.client.sendToPrimaries("TIME")
        let end = self.now()
        var readings: [Int: ClockReading] = [:]
        var failure: RedisError?
        for reply in replies {
            do throws(RedisError) {
                let time = try StoreTime(try reply.reply.get())
                readings[reply.lowestSlot] = ClockReading(time: time, start: start, end: end)
            } catch {
                failure = error
            }
        }
        // If a primary is down, the clocks of the other primaries are still checked.
        guard !readings.isEmpty else { throw failure ?? ScriptReply.unexpected }
        return readings
    }

    /// Writes the times of a check to the clock record.
    ///
    /// If a clock was set back, the method also writes a new epoch. If another process has started a new epoch in the meantime,
    /// the method writes nothing, and returns that epoch.
    private func write(
        _ readings: [Int: ClockReading],
        _ jump: Jump?,
        over bytes: [UInt8]
    ) async throws -> (epoch: ClockEpoch, isOwn: Bool) {
        let times = readings.mapValues(\.time)
        let expected = try ClockRecord(bytes)
        let name = UInt64.random(in: 1 ... .max)
        var stored = bytes
        // If another process writes the record first, the write is repeated, unless the other process has started a new epoch.
        for _ in 0..<Self.longestRace {
            let record = try ClockRecord(stored)
            guard record.epoch.rawValue == expected.epoch.rawValue else { return (record.epoch, false) }
            let next = jump.map { record.restarted(name, at: times, after: $0.latest) } ?? record.raised(to: times)
            let reply = try await self.replace(stored, by: next.bytes)
            if reply == next.bytes {
                if jump != nil { self.didSetBack() }
                return (next.epoch, true)
            }
            stored = reply
        }
        throw Self.busy
    }

    func replace(_ stored: [UInt8], by next: [UInt8]) async throws -> [UInt8] {
        let arguments: [RedisArgument] = [.bytes(stored), .bytes(next)]
        let reply = try await self.client.evaluate(Scripts.clock, self.timer, [self.key], arguments)
        guard case .bulk(let bytes) = reply else { throw ScriptReply.unexpected }
        return bytes
    }

    /// Writes a log record if this process has started or stopped refusing proofs from other services.
    ///
    /// A proof is a signed statement that a user controls a phone number. After a clock was set back, an old proof could be
    /// used a second time.
    private func logRefusal(in epoch: ClockEpoch, at now: StoreTime?) {
        guard let now else { return }
        let isRefusing = !epoch.contains(proofExpiringAt: now + OTPLimits.longestLifetime)
        let wasRefusing = self.state.withLock { state in
            defer { state.isRefusing = isRefusing }
            return state.isRefusing
        }
        guard isRefusing != wasRefusing else { return }
        let end = epoch.previousEnd.map { $0 + StoreTime.tolerance }
        if isRefusing {
            self.client.counters.logger.warning(
                "Proofs from other services are refused, because the clock of a Redis server was set back",
                metadata: ["redis.clock.until": "\(end?.date.rfc3339 ?? "unknown")"]
            )
        } else {
            self.client.counters.logger.notice("Proofs from other services are accepted again")
        }
    }

    private func didSetBack() {
        self.jumps.increment()
        self.client.counters.logger.warning(
            "The clock of a Redis server was set back, all codes and proofs are invalid"
        )
    }
}

extension StoreTime {
    /// Parses a reply to the command `TIME`.
    init(_ reply: RedisReply) throws(RedisError) {
        guard case .array(let parts) = reply, parts.count == 2,
            case .bulk(let seconds) = parts[0], case .bulk(let microseconds) = parts[1],
            let seconds = Int64(String(decoding: seconds, as: UTF8.self)), (0..<1 << 40) ~= seconds,
            let microseconds = Int64(String(decoding: microseconds, as: UTF8.self)), (0..<1_000_000) ~= microseconds
        else { throw ScriptReply.unexpected }
        self.init(milliseconds: seconds * 1_000 + microseconds / 1_000)
    }
}
