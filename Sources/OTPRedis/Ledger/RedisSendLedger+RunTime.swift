// SPDX-License-Identifier: Apache-2.0

import Hiredis
import OTP
public import SendGuard

extension RedisSendLedger {
    /// Sets the run-time mode of a rule, and returns all run-time modes.
    ///
    /// A run-time mode replaces the mode of the rule in the policy.
    public func setMode(_ mode: GuardMode?, of rule: GuardRule.Name) async throws -> GuardModes {
        // If `mode` is `nil`, the script removes the entry of the rule, and the mode in `entry` has no effect.
        let entry = [Int(rule.measure.rawValue), Int(rule.scope.rawValue), Int((mode ?? .off).rawValue)]
        return try await self.modes([.bytes(GuardLayout.Entry.pack(entry)), mode == nil ? "0" : "1"]).modes
    }

    /// Returns the run-time modes, and the server's time.
    public func modes() async throws -> (modes: GuardModes, time: LedgerTime) {
        try await self.modes([])
    }

    /// Adds counts to the report of the server's current day.
    public func add(_ counts: [ReportedEvent: Int]) async throws {
        // The name of the key contains the day, and a cluster requires the names of all keys before a script runs.
        let day = try await self.modes().time.seconds / LedgerTime.secondsPerDay
        let lines = ReportDay.sorted(counts).map { "\($0.count) \($0.event)\n" }.joined()
        let reply = try await self.client.evaluate(
            self.scripts.count,
            self.timers.count,
            [self.keys.report(ofDay: day)],
            [.text(lines), .integer(Int64(day))]
        )
        guard try ScriptReply.flag(reply) else { throw ScriptReply.unexpected }
    }

    /// Returns the report of a day.
    public func report(ofDay day: Int) async throws -> ReportDay {
        switch try await self.client.send("GET", .text(self.keys.report(ofDay: day))) {
        case .null: return ReportDay()
        case .bulk(let bytes): return try ReportDay(stored: bytes)
        default: throw ScriptReply.unexpected
        }
    }

    /// Marks a response of a human check as used; returns `false` if the response was already used.
    public func claimResponse(_ fingerprint: [UInt8], for lifetime: Duration) async throws -> Bool {
        let milliseconds = RedisArgument.integer(max(1, lifetime.milliseconds))
        let key = RedisArgument.text(self.keys.response(fingerprint))
        switch try await self.client.send("SET", [key, "1", "NX", "PX", milliseconds], isCancellable: false) {
        case .null: return false
        case .status: return true
        default: throw ScriptReply.unexpected
        }
    }

    private func modes(_ change: [RedisArgument]) async throws -> (modes: GuardModes, time: LedgerTime) {
        let reply = try await self.client.evaluate(self.scripts.modes, self.timers.modes, [self.keys.modes], change)
        guard case .bulk(let bytes) = reply, let time = GuardLayout.Time.unpack(bytes) else {
            throw ScriptReply.unexpected
        }
        return (try GuardModes(packed: bytes.dropFirst(GuardLayout.Time.size)), LedgerTime(seconds: time[0]))
    }
}

extension GuardModes {
    /// Decodes stored run-time modes in the format of ``GuardLayout/Modes``.
    init(packed bytes: some Collection<UInt8>) throws {
        typealias Entry = GuardLayout.Entry
        guard let head = GuardLayout.Modes.unpack(bytes) else { throw ScriptReply.unexpected }
        var rest = bytes.dropFirst(GuardLayout.Modes.size)
        var overrides: [GuardRule.Name: GuardMode] = [:]
        while !rest.isEmpty {
            guard let fields = Entry.unpack(rest), let measure = GuardMeasure(rawValue: UInt8(fields[0])),
                let scope = GuardScope(rawValue: UInt8(fields[1])), let mode = GuardMode(rawValue: UInt8(fields[2]))
            else { throw ScriptReply.unexpected }
            overrides[GuardRule.Name(measure, scope)] = mode
            rest = rest.dropFirst(Entry.size)
        }
        self.init(version: head[0], overrides: overrides)
    }
}

extension ReportDay {
    /// Parses a stored report.
    fileprivate init(stored bytes: [UInt8]) throws {
        var counts: [ReportedEvent: Int] = [:]
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, let count = Int(parts[0]), let event = ReportedEvent(String(parts[1])) else {
                throw ScriptReply.unexpected
            }
            counts[event] = count
        }
        self.init(counts)
    }
}
