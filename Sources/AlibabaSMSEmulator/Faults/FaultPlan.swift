// SPDX-License-Identifier: Apache-2.0

import SeededRandom
import TextFormats

/// The parameters of a request that the conditions of fault rules examine.
struct FaultSubject: Sendable {
    struct Message: Sendable {
        var to: String
        var text: String
    }

    var action: String
    var from: String?
    var template: String?
    var messages: [Message]
}

/// The faults that apply to one request.
struct FaultDecision: Sendable, Hashable {
    /// The fault that applies to the request as a whole.
    var request: Fault?
    /// The faults that apply to single messages, keyed by the index of the message in the request.
    var messages: [Int: Fault] = [:]
}

/// The fault rules, with two counts for each rule: how often the rule matched, and how often the fault was injected.
///
/// Plans with the same rules and the same seed make the same decisions for the same requests.
struct FaultPlan: Sendable {
    private struct Entry: Sendable {
        var rule: FaultRule
        var patterns: Patterns
        /// The number of requests or messages that matched the rule.
        var matched = 0
        /// The number of requests or messages that the rule affected.
        var struck = 0
    }

    private struct Patterns: Sendable {
        var to: GlobPattern?
        var action: GlobPattern?
        var text: GlobPattern?
        var template: GlobPattern?
        var from: GlobPattern?

        init(_ match: FaultRule.Match) {
            self.to = match.to.map { GlobPattern($0) }
            self.action = match.action.map { GlobPattern($0) }
            self.text = match.text.map { GlobPattern($0) }
            self.template = match.template.map { GlobPattern($0) }
            self.from = match.from.map { GlobPattern($0) }
        }

        func match(_ subject: FaultSubject) -> Bool {
            Self.fits(self.action, subject.action) && Self.fits(self.template, subject.template)
                && Self.fits(self.from, subject.from)
        }

        func match(_ message: FaultSubject.Message) -> Bool {
            Self.fits(self.to, message.to) && Self.fits(self.text, message.text)
        }

        /// Whether all conditions concern the request as a whole.
        var areOfRequestOnly: Bool { self.to == nil && self.text == nil }

        private static func fits(_ pattern: GlobPattern?, _ text: String?) -> Bool {
            pattern.map { pattern in text.map(pattern.matches) ?? false } ?? true
        }
    }

    let settings: FaultSettings
    private var entries: [Entry]
    private var random: SplitMix64

    init(_ settings: FaultSettings) {
        self.settings = settings
        self.entries = settings.rules.map { Entry(rule: $0, patterns: Patterns($0.match)) }
        self.random = SplitMix64(seed: settings.seed ?? UInt64.random(in: 0...UInt64.max))
    }

    /// The number of requests and messages that each rule affected, in the order of the rules.
    var struckCounts: [Int] { self.entries.map(\.struck) }

    /// Returns the faults for the next request.
    mutating func decide(_ subject: FaultSubject) -> FaultDecision {
        var decision = FaultDecision()
        for index in self.entries.indices {
            let patterns = self.entries[index].patterns
            guard patterns.match(subject) else { continue }
            let fault = self.entries[index].rule.fault
            if subject.messages.isEmpty && fault.needsMessage { continue }
            if fault.scope == .request || subject.messages.isEmpty {
                let matches =
                    subject.messages.isEmpty
                    ? patterns.areOfRequestOnly : subject.messages.contains(where: patterns.match)
                if matches, decision.request == nil, self.strikes(index) { decision.request = fault }
            } else {
                for (place, message) in subject.messages.enumerated()
                where decision.messages[place] == nil && patterns.match(message) && self.strikes(index) {
                    decision.messages[place] = fault
                }
            }
        }
        if self.settings.usesMagicNumbers { self.addMagic(subject, to: &decision) }
        return decision
    }

    /// Counts a match of a rule, and returns whether the rule applies to this match.
    private mutating func strikes(_ index: Int) -> Bool {
        let rule = self.entries[index].rule
        self.entries[index].matched += 1
        if let nth = rule.nth, self.entries[index].matched != nth { return false }
        if let count = rule.count, self.entries[index].struck >= count { return false }
        if let probability = rule.probability, Double.random(in: 0..<1, using: &self.random) >= probability {
            return false
        }
        self.entries[index].struck += 1
        return true
    }

    private func addMagic(_ subject: FaultSubject, to decision: inout FaultDecision) {
        for (place, message) in subject.messages.enumerated() {
            guard let fault = MagicNumbers.faults[message.to] else { continue }
            if fault.scope == .request {
                decision.request = decision.request ?? fault
            } else if decision.messages[place] == nil {
                decision.messages[place] = fault
            }
        }
    }
}
