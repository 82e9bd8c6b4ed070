// SPDX-License-Identifier: Apache-2.0

package import SendGuard

extension ScopeRecord {
    /// Decodes a stored record; returns `nil` if the layout version is not `GuardLayout.version`, or if the size is invalid.
    package init?(stored bytes: [UInt8]) {
        typealias Scope = GuardLayout.Scope
        let regions = bytes.dropFirst(Scope.size)
        guard let fields = Scope.unpack(bytes), regions.count.isMultiple(of: GuardLayout.Destination.size) else {
            return nil
        }
        let values = Dictionary(uniqueKeysWithValues: zip(Scope.allCases, fields))
        func value(_ field: Scope) -> Int { values[field, default: 0] }
        func time(_ field: Scope) -> LedgerTime { LedgerTime(seconds: value(field)) }
        guard value(.version) == GuardLayout.version else { return nil }
        self.init(at: LedgerTime(seconds: 0))
        self.lockedUntil = time(.lockedUntil)
        self.unverified.level = value(.level)
        self.unverified.step = value(.step)
        self.unverified.since = time(.since)
        self.failures.level = value(.failures)
        self.failures.since = time(.failuresSince)
        self.day = value(.day)
        self.sent = value(.sent)
        self.spent = value(.spent)
        self.verified = value(.verified)
        self.peak = value(.peak)
        self.destinations = stride(from: regions.startIndex, to: regions.endIndex, by: 2)
            .map { RegionCode(letters: UInt16(regions[$0]) << 8 | UInt16(regions[$0 + 1])) }
    }
}

extension [UInt8] {
    /// Appends the facts of a send in the format of ``GuardLayout/Facts``.
    mutating func append(_ facts: SendFacts, records: Int) {
        let values = [
            facts.cost, Int(facts.destination.letters), Int(facts.signalled.rawValue),
            facts.signals.contains(.humanCheckPassed) ? 1 : 0, facts.listedUntil.seconds, records,
        ]
        for (size, value) in zip(GuardLayout.factSizes, values) { self.append(value, size: size) }
    }
}

extension LedgerReply {
    /// Decodes the reply of `guard_reserve.lua` for `count` sends.
    static func replies(packed bytes: [UInt8], count: Int) throws -> [LedgerReply] {
        guard let head = GuardLayout.Reply.unpack(bytes) else { throw ScriptReply.unexpected }
        var rest = bytes.dropFirst(GuardLayout.Reply.size)
        guard rest.count >= head[1] else { throw ScriptReply.unexpected }
        let modes = head[1] == 0 ? nil : try GuardModes(packed: rest.prefix(head[1]))
        rest = rest.dropFirst(head[1])
        let time = LedgerTime(seconds: head[0])
        let replies = try (0..<count)
            .map { _ in
                guard let findingCount = rest.popFirst() else { throw ScriptReply.unexpected }
                let findings = try (0..<findingCount).map { _ in try GuardFinding(packed: &rest) }
                return LedgerReply(time: time, findings: findings, modes: modes)
            }
        guard rest.isEmpty else { throw ScriptReply.unexpected }
        return replies
    }
}

extension GuardFinding {
    /// Decodes the first finding (the result of one rule), and removes its bytes.
    fileprivate init(packed bytes: inout ArraySlice<UInt8>) throws {
        guard let fields = GuardLayout.Finding.unpack(bytes), let scope = GuardScope(rawValue: UInt8(fields[0])),
            let measure = GuardMeasure(rawValue: UInt8(fields[1])),
            let effect = GuardFinding.Effect(rawValue: UInt8(fields[2]))
        else { throw ScriptReply.unexpected }
        bytes = bytes.dropFirst(GuardLayout.Finding.size)
        self.init(
            GuardRule.Name(measure, scope),
            effect,
            measured: fields[3],
            threshold: fields[4],
            wait: fields[5]
        )
    }
}
