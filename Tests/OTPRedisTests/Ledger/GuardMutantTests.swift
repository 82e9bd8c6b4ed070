// SPDX-License-Identifier: Apache-2.0

import Hiredis
import MovableClock
import PrivateRedis
import SendGuardTesting
import Testing

@testable import OTPRedis

/// Tests that the conformance check finds every fault that is injected into the scripts.
@Suite struct GuardMutantTests {
    /// A fault, which replaces a text in the scripts.
    struct Mutant: Sendable, CustomTestStringConvertible {
        let name: String
        let original: String
        let replacement: String
        /// A seed whose random steps reach the fault early, so that the test is short.
        let seed: UInt64

        init(_ name: String, _ original: String, _ replacement: String, seed: UInt64 = 20_261_131) {
            self.name = name
            self.original = original
            self.replacement = replacement
            self.seed = seed
        }

        var testDescription: String { self.name }
    }

    static let mutants = [
        Mutant(
            "lockdown ends a second early",
            "scope[SCOPE.locked_until] > now and",
            "scope[SCOPE.locked_until] > now + 1 and",
            seed: 6
        ),
        Mutant("lockdown holds known devices", "standing < STANDING.known", "standing <= STANDING.known", seed: 1),
        Mutant("budget admits one more", "if after > threshold then", "if after > threshold + 1 then", seed: 1),
        Mutant(
            "money does not count the cost",
            "scope[SCOPE.spent], cost, of_scope",
            "scope[SCOPE.spent], 0, of_scope",
            seed: 2
        ),
        Mutant(
            "growth ignores the history",
            "of_scope[RULE.growth_factor] * scope[SCOPE.peak]",
            "of_scope[RULE.growth_factor]",
            seed: 1
        ),
        Mutant("growth challenges checked requests", "and is_checked == 1)", "and is_checked == 2)", seed: 8),
        Mutant(
            "growth that blocks admits checked requests",
            "(of_scope[RULE.growth] == MODE.challenge and",
            "(of_scope[RULE.growth] >= MODE.challenge and",
            seed: 1
        ),
        Mutant("no alert at 80 %", "and after * 5 >= 4 * threshold", "and after * 5 > 4 * threshold", seed: 2),
        Mutant(
            "unverified admits one more",
            "if level >= capacity then\n        add(kind, MEASURE.unverified",
            "if level > capacity then\n        add(kind, MEASURE.unverified",
            seed: 3
        ),
        Mutant("level is not clamped", "if level > capacity then", "if level > capacity + 9 then", seed: 1),
        Mutant(
            "counted level is not clamped",
            "math.min(scope[SCOPE.level], checked_capacities[position])",
            "scope[SCOPE.level]",
            seed: 1
        ),
        Mutant("history adds no capacity", "extra = (extra - extra % share) / share", "extra = 0", seed: 3),
        Mutant(
            "failures admit one more",
            "if level >= capacity then\n        add(kind, MEASURE.failures",
            "if level > capacity then\n        add(kind, MEASURE.failures",
            seed: 1
        ),
        Mutant(
            "one region more",
            "    if #known < of_scope[RULE.destinations_count]",
            "    if #known <= of_scope[RULE.destinations_count]",
            seed: 3
        ),
        Mutant(
            "checked requests are challenged again",
            "mode == MODE.challenge and standing",
            "mode == MODE.shadow and standing",
            seed: 2
        ),
        Mutant("allow-list has no end", "if listed_until > now and", "if listed_until > 0 and", seed: 4),
        Mutant("pause does not double", "since + doubled, doubled * 2", "since + doubled, doubled", seed: 7),
        Mutant("drain loses the remainder", "since + drained * doubled\nend", "now\nend", seed: 2),
        Mutant("clock that ran ahead stops a bucket", "since > now + LEDGER.tolerance", "since > now + 1e9", seed: 8),
        Mutant(
            "wait forgets the elapsed time",
            "level - capacity + 1, since - now,",
            "level - capacity + 1, 0,",
            seed: 1
        ),
        Mutant("peak does not decay", "return peak - (peak + 7", "return peak - 0 * (peak + 7", seed: 8),
        Mutant(
            "day is not turned",
            "if today > scope[SCOPE.day] then",
            "if today > scope[SCOPE.day] + 1 then",
            seed: 6
        ),
        Mutant(
            "refused sends are counted",
            "for i = 1, is_refused and 0 or #members do",
            "for i = 1, #members do",
            seed: 1
        ),
        Mutant("money is not added", "scope[SCOPE.spent] + costs, LEDGER", "scope[SCOPE.spent], LEDGER", seed: 3),
        Mutant("release keeps the level", "math.max(0, scope[SCOPE.level] - 1)", "scope[SCOPE.level]", seed: 3),
        Mutant("release of yesterday frees a message", "if scope[SCOPE.day] == day then", "if true then", seed: 6),
        Mutant("success gives no credit", "successes * of_scope[RULE.unverified_credit]", "0", seed: 2),
        Mutant(
            "success keeps the doublings",
            "scope[SCOPE.step] = 0",
            "scope[SCOPE.step] = scope[SCOPE.step]",
            seed: 2
        ),
        Mutant(
            "success keeps the regions",
            "scope[SCOPE.destinations] = ''",
            "scope[SCOPE.destinations] = scope[SCOPE.destinations]",
            seed: 1
        ),
        Mutant("failures have no weight", "failures * of_scope[RULE.failures_weight]", "failures", seed: 1),
        Mutant(
            "failures fill without an end",
            "filled = math.min(filled, of_scope[RULE.failures_checked_capacity])",
            "filled = filled + 0",
            seed: 2
        ),
        Mutant("record lives too short", "seconds == 0 and 1 or seconds + LEDGER.tolerance", "1", seed: 1),
        Mutant("record lives without its last second", "* 1000 + 999", "* 1000 - 1", seed: 8),
        Mutant("modes are never returned", "~= known_version then", "== nil then", seed: 2),
        Mutant("modes are always returned", "struct.unpack(MODES.format, known) ~= known_version", "true", seed: 1),
        Mutant(
            "rule gets a second mode",
            "string.sub(modes, i, i + name_size - 1) ~= string.sub(ARGV[1], 1, name_size)",
            "true",
            seed: 8
        ),
        Mutant("mode of the policy is not restored", "if ARGV[2] == '1' then", "if true then", seed: 6),
        Mutant("version of the modes does not grow", "struct.unpack(MODES.format, modes) + 1, now", "0, now", seed: 5),
        Mutant("modes live too short", "(now + MODES.lifetime)", "(now + 1)", seed: 6),
        Mutant(
            "report counts an event once",
            "counts[event] = counts[event] + count",
            "counts[event] = count + 0",
            seed: 8
        ),
        Mutant("report forgets earlier events", "(redis.call('GET', KEYS[1]) or '') .. ARGV[1]", "ARGV[1]", seed: 1),
        Mutant("report does not count below zero", "'(%-?%d+) ", "'(%d+) ", seed: 3),
        Mutant(
            "refusal ends the batch",
            "is_refused = '', 0, false\n    return",
            "is_refused = '', 0, is_refused\n    return",
            seed: 3
        ),
        Mutant(
            "findings move to the next send",
            "is_refused = '', 0, false\n    return",
            "is_refused = findings, count_of_findings, false\n    return",
            seed: 3
        ),
        Mutant("region is added again", "and not has_region(known, region)", "and true", seed: 3),
        Mutant("quiet batch ignores a lockdown", "scope[SCOPE.locked_until] <= now)", "true)", seed: 7),
        Mutant("quiet batch exceeds a budget", "return after <= threshold and not", "return not", seed: 2),
        Mutant("quiet batch has no alert", "and not passes(before, after, threshold)\nend", "and true\nend", seed: 1),
        Mutant(
            "quiet batch grows without an end",
            "scope[SCOPE.sent] + sends\n            <= of_scope",
            "scope[SCOPE.sent] + 1\n            <= of_scope",
            seed: 3
        ),
        Mutant(
            "quiet batch exceeds a capacity",
            "or scope[SCOPE.level] + sends <= math.min",
            "or scope[SCOPE.level] + 1 <= math.min",
            seed: 8
        ),
        Mutant("quiet batch ignores failures", "and (of_scope[RULE.failures] == 0 or", "and (true or", seed: 1),
        Mutant("quiet batch has one region", "destination ~= DESTINATION.mixed", "true", seed: 7),
        Mutant(
            "quiet batch has any number of regions",
            "and #scope[SCOPE.destinations] < of_scope",
            "and 0 < of_scope"
        ),
        Mutant(
            "quiet batch counts one send",
            "total[TOTAL.sends], total[TOTAL.cost], total[TOTAL.destination])\n    end",
            "1, total[TOTAL.cost], total[TOTAL.destination])\n    end"
        ),
        Mutant(
            "quiet batch costs nothing",
            "total[TOTAL.sends], total[TOTAL.cost], total[TOTAL.destination])\n    end",
            "total[TOTAL.sends], 0, total[TOTAL.destination])\n    end"
        ),
        Mutant(
            "refused send clamps a level",
            "level = capacity\n    end",
            "level, scope[SCOPE.level] = capacity, capacity\n    end"
        ),
        Mutant("records share the first rules", "different[string.byte(ARGV[2], i)]", "different[1]"),
        Mutant(
            "records share an expiry",
            "if not written[seconds] then",
            "seconds = 1\n    if not written[seconds] then"
        ),
        Mutant("late record is not written", "if values[10] then", "if values[0] then"),
        Mutant("record is not written", "is_counted[position] = true", "is_counted[position] = position ~= 2"),
        Mutant("record lives too long", "seconds == 0 and 1 or seconds + LEDGER.tolerance", "9 * LEDGER.day"),
    ]

    @Test(arguments: Self.mutants)
    func conformanceFindsTheFault(mutant: Mutant) async throws {
        let sources = [ScriptStep.guardReserve, .guardRelease, .guardRecord, .guardLockdown, .guardModes, .guardCount]
            .map { $0.fragments.map(\.source).joined(separator: "\n") }
        try #require(sources.contains { $0.contains(mutant.original) }, "the script has changed: adapt the mutant")
        try await TestRedis.with(frozen: true) { redis in
            let client = RedisClient(configuration: try RedisConfiguration(url: redis.server.url))
            let scripts = GuardScripts { $0.replacing(mutant.original, with: mutant.replacement) }
            let ledger = RedisSendLedger(client: client, scripts: scripts)
            let conformance = SendLedgerConformance(ledger: ledger, movesBackwards: true) {
                try redis.clock.advance(by: $0)
            }
            await #expect(throws: SendLedgerConformance.Failure.self) {
                try await conformance.checkRandomSteps(20_000, seed: mutant.seed)
            }
            await ledger.shutdown()
        }
    }
}
