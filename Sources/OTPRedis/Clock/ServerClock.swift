// SPDX-License-Identifier: Apache-2.0

import Deadlines
import Hiredis
import JSONOutput
import Logging
import Metrics
import NIOCore
import OTP
import Synchronization

/// Detects that the clock of a Redis server was set back, and starts a new epoch for all processes.
///
/// The time of one server does not reveal a jump. A check therefore compares it with the highest time that any process has
/// read, which is in Redis, and with the time that has passed on this process's monotonic clock since the check before.
final class ServerClock: Sendable {
    /// The interval of the checks while the store is used.
    static let interval = Duration.seconds(10)

    /// A step waits for a new check if the last one is older.
    static let longestGap = Duration.seconds(30)

    /// The number of attempts to write the record.
    static let longestRace = 16

    /// The error when other processes win every attempt.
    static let busy = RedisError(code: .overloaded, message: "too many processes check the clock at the same time")

    /// What this process knows.
    private struct State {
        /// The epoch; `nil` before the first check.
        var epoch: ClockEpoch?
        /// The last reading from each primary in this epoch, by its lowest hash slot.
        var readings: [Int: ClockReading] = [:]
        /// The start of the last check that has ended.
        var lastCheck = Duration.zero
        /// The check in progress.
        var check: Task<Result<ClockEpoch, any Error>, Never>?
        /// The failed checks since the last complete one.
        var failures = 0
        /// Whether proofs from other services are refused, at the time of the last check.
        var isRefusing = false
    }

    /// A jump that a check has found.
    private struct Jump {
        /// The highest time that the clock can have reached according to this process; `nil` if it read no time before.
        var latest: StoreTime?
    }

    let client: RedisClient
    let key: String
    private let now: @Sendable () -> Duration
    private let timers: Timers
    private let timer: Metrics.Timer
    private let jumps = Counter(label: "otp.redis.clock_jumps")
    private let state = Mutex(State())

    /// Creates a clock; nothing is sent yet.
    ///
    /// - Parameters:
    ///   - client: The client of the servers.
    ///   - key: The key of the clock record.
    ///   - timer: The timer of the script.
    ///   - clock: The monotonic clock of this process.
    init<C: Clock>(client: RedisClient, key: String, timer: Metrics.Timer, clock: C) where C.Duration == Duration {
        let origin = clock.now
        self.client = client
        self.key = key
        self.timer = timer
        self.now = { origin.duration(to: clock.now) }
        self.timers = Timers(clock: clock)
    }

    /// Returns the epoch.
    ///
    /// Usually one read under a mutex. A check that is due runs in the background. The first call, and a call after an idle
    /// period, waits for a check. While checks fail, the last epoch stays.
    ///
    /// - Throws: The error of the first check.
    func epoch() async throws -> ClockEpoch {
        let now = self.now()
        let (epoch, age) = self.state.withLock { ($0.epoch, now - $0.lastCheck) }
        if let epoch, age < Self.interval { return epoch }
        let check = self.startCheck()
        if let epoch, age < Self.longestGap { return epoch }
        let result = await check.value
        // A check that failed after it had read the epoch is good enough to start with.
        return try self.state.withLock { $0.epoch } ?? result.get()
    }

    /// Runs a check, or waits for the one in progress.
    ///
    /// - Returns: The epoch.
    /// - Throws: The error of a server; nothing has changed.
    @discardableResult
    func check() async throws -> ClockEpoch {
        try await self.startCheck().value.get()
    }

    /// Runs a check in every interval, until the task is cancelled.
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

    /// Starts a check, unless one is in progress.
    private func startCheck() -> Task<Result<ClockEpoch, any Error>, Never> {
        self.state.withLock { state in
            if let check = state.check { return check }
            // Detached: it must not run with the priority and the task-local values of the caller that happened to start it.
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
            // Like a connection: only the first failure in a row.
            self.client.counters.logger.log(
                level: failures == 1 ? .notice : .debug,
                "Redis clock check failed",
                metadata: ["redis.error": "\(error)"]
            )
        }
        return result
    }

    /// Reads the record, then the clocks, and updates the record.
    ///
    /// In this order a time below a mark proves that the clock was set back, regardless of who wrote the mark and of how long
    /// this process was suspended in between.
    private func compare() async throws -> ClockEpoch {
        let bytes = try await self.load()
        let record = try ClockRecord(bytes)
        // Readings of an earlier epoch were taken before a jump that another process has found.
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
                // After a change by another process, the readings may be older than the jump.
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
        // Other primaries are checked while one is down.
        guard !readings.isEmpty else { throw failure ?? ScriptReply.unexpected }
        return readings
    }

    /// Writes times and, after a jump, a new epoch, unless another process has started one.
    private func write(
        _ readings: [Int: ClockReading],
        _ jump: Jump?,
        over bytes: [UInt8]
    ) async throws -> (epoch: ClockEpoch, isOwn: Bool) {
        let times = readings.mapValues(\.time)
        let expected = try ClockRecord(bytes)
        let name = UInt64.random(in: 1 ... .max)
        var stored = bytes
        // Another process can win, but after a jump it cannot win without starting an epoch, except with an old reading.
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
        let start = NIODeadline.now()
        defer { self.timer.recordTime(since: start) }
        let arguments: [RedisArgument] = [.bytes(stored), .bytes(next)]
        let reply = try await self.client.evaluate(Scripts.clock, keys: [self.key], arguments: arguments)
        guard case .bulk(let bytes) = reply else { throw ScriptReply.unexpected }
        return bytes
    }

    /// Logs when this process starts or stops refusing proofs from other services.
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
    /// Reads a reply to `TIME`.
    init(_ reply: RedisReply) throws(RedisError) {
        guard case .array(let parts) = reply, parts.count == 2,
            case .bulk(let seconds) = parts[0], case .bulk(let microseconds) = parts[1],
            let seconds = Int64(String(decoding: seconds, as: UTF8.self)), (0..<1 << 40) ~= seconds,
            let microseconds = Int64(String(decoding: microseconds, as: UTF8.self)), (0..<1_000_000) ~= microseconds
        else { throw ScriptReply.unexpected }
        self.init(milliseconds: seconds * 1_000 + microseconds / 1_000)
    }
}
