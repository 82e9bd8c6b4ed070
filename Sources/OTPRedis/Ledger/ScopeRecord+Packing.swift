// SPDX-License-Identifier: Apache-2.0

package import SendGuard

extension ScopeRecord {
    /// Reads a stored record; `nil` if it has another version or a size that no record has.
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

extension ScopeLimits {
    /// The rules as the scripts unpack them.
    var packed: [UInt8] { GuardLayout.Rule.pack(self.fields) }
}

extension SendFacts {
    /// The facts as the scripts unpack them.
    func packed(knowing modesVersion: Int) -> [UInt8] {
        GuardLayout.Facts.pack([
            self.cost, Int(self.destination.letters), Int(self.signalled.rawValue),
            self.signals.contains(.humanCheckPassed) ? 1 : 0, self.listedUntil.seconds, modesVersion,
        ])
    }
}

extension LedgerReply {
    /// Reads the reply of `guard_reserve.lua`.
    init(packed bytes: [UInt8]) throws {
        typealias Finding = GuardLayout.Finding
        guard let head = GuardLayout.Reply.unpack(bytes) else { throw ScriptReply.unexpected }
        var rest = bytes.dropFirst(GuardLayout.Reply.size)
        guard rest.count >= head[1] else { throw ScriptReply.unexpected }
        let modes = head[1] == 0 ? nil : try GuardModes(packed: rest.prefix(head[1]))
        rest = rest.dropFirst(head[1])
        var findings: [GuardFinding] = []
        while !rest.isEmpty {
            guard let fields = Finding.unpack(rest), let scope = GuardScope(rawValue: UInt8(fields[0])),
                let measure = GuardMeasure(rawValue: UInt8(fields[1])),
                let effect = GuardFinding.Effect(rawValue: UInt8(fields[2]))
            else { throw ScriptReply.unexpected }
            findings.append(
                GuardFinding(
                    GuardRule.Name(measure, scope),
                    effect,
                    measured: fields[3],
                    threshold: fields[4],
                    wait: fields[5]
                )
            )
            rest = rest.dropFirst(Finding.size)
        }
        self.init(time: LedgerTime(seconds: head[0]), findings: findings, modes: modes)
    }
}
