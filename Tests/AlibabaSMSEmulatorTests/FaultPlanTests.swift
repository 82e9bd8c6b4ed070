// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import AlibabaSMSEmulator

/// Tests of the decisions of a fault plan, without a server.
@Suite struct FaultPlanTests {
    static func subject(
        _ numbers: [String] = ["+6591234567"],
        text: String = "Your code is 123456",
        action: String = "SendMessageToGlobe",
        from: String? = nil,
        template: String? = nil
    ) -> FaultSubject {
        FaultSubject(
            action: action,
            from: from,
            template: template,
            messages: numbers.map { .init(to: $0, text: text) }
        )
    }

    static func plan(_ rules: FaultRule...) -> FaultPlan { FaultPlan(FaultSettings(rules)) }

    @Test func withoutRulesThereAreNoFaults() {
        var plan = Self.plan()
        for _ in 0..<1000 { #expect(plan.decide(Self.subject()) == FaultDecision()) }
    }

    @Test(
        arguments: [
            (FaultRule.Match(), true), (.init(to: "+65*"), true), (.init(to: "+44*"), false), (.init(to: "+65"), false),
            (.init(action: "SendMessage*"), true), (.init(action: "Query*"), false), (.init(text: "*code*"), true),
            (.init(text: "code"), false), (.init(from: "Shop"), true), (.init(from: "shop"), false),
            (.init(template: "SMS_*"), false), (.init(to: "+65*", from: "Other"), false),
        ] as [(FaultRule.Match, Bool)]
    )
    func allConditionsMustHold(match: FaultRule.Match, isMatch: Bool) {
        var plan = Self.plan(FaultRule(.unreachable, for: match))
        #expect(plan.decide(Self.subject(from: "Shop")).request == (isMatch ? .unreachable : nil))
    }

    @Test func onlyTheNthMatchIsStruck() {
        var plan = Self.plan(FaultRule(.acceptThenClose, for: .init(to: "+65*"), nth: 3))
        var struck: [Int] = []
        for number in 1...10 {
            #expect(plan.decide(Self.subject(["+447911123456"])).request == nil)
            if plan.decide(Self.subject()).request == .acceptThenClose { struck.append(number) }
        }
        #expect(struck == [3])
        #expect(plan.struckCounts == [1])
    }

    @Test func countLimitsTheStruckMatches() {
        var plan = Self.plan(FaultRule(.unreachable, count: 2), FaultRule(.http(status: 503), count: 1))
        let faults = (0..<5).map { _ in plan.decide(Self.subject()).request }
        #expect(faults == [.unreachable, .unreachable, .http(status: 503), nil, nil])
    }

    @Test func seedMakesProbabilitiesReproducible() {
        func faults(seed: UInt64) -> [Bool] {
            var plan = FaultPlan(FaultSettings([FaultRule(.unreachable, probability: 0.3)], seed: seed))
            return (0..<1000).map { _ in plan.decide(Self.subject()).request != nil }
        }
        #expect(faults(seed: 7) == faults(seed: 7))
        #expect(faults(seed: 7) != faults(seed: 8))
        #expect((200...400).contains(faults(seed: 7).count { $0 }))
        for (probability, count) in [(0.0, 0), (1.0, 100)] {
            var plan = Self.plan(FaultRule(.unreachable, probability: probability))
            #expect((0..<100).count { _ in plan.decide(Self.subject()).request != nil } == count)
        }
    }

    @Test func messagesOfABatchAreStruckSeparately() {
        var plan = Self.plan(
            FaultRule(.reject(code: "MOBILE_NUMBER_ILLEGAL"), for: .init(to: "+65*"), count: 1),
            FaultRule(.duplicate, for: .init(to: "+65*")),
            FaultRule(.slow(by: .seconds(1)), for: .init(to: "+852*"))
        )
        let decision = plan.decide(Self.subject(["+6591234567", "+85261234567", "+6591234568"]))
        #expect(decision.messages == [0: .reject(code: "MOBILE_NUMBER_ILLEGAL"), 2: .duplicate])
        #expect(decision.request == .slow(by: .seconds(1)))
    }

    @Test func requestsWithoutMessagesMatchOnlyRequestConditions() {
        var plan = Self.plan(
            FaultRule(.unreachable, for: .init(to: "*")),
            FaultRule(.duplicate, count: 1),
            FaultRule(.reject(code: "SYSTEM_ERROR"), for: .init(action: "QueryMessage"))
        )
        let decision = plan.decide(Self.subject([], action: "QueryMessage"))
        #expect(decision.request == .reject(code: "SYSTEM_ERROR"))
        #expect(plan.struckCounts == [0, 0, 1])
    }

    @Test func magicNumbersNeedNoRuleAndRulesOverrideThem() {
        for (number, fault) in MagicNumbers.faults {
            var plan = Self.plan()
            let decision = plan.decide(Self.subject([number]))
            #expect(fault.scope == .request ? decision.request == fault : decision.messages == [0: fault])
        }
        var plan = Self.plan(FaultRule(.http(status: 500)))
        #expect(plan.decide(Self.subject(["+447700900005"])).request == .http(status: 500))
        var plain = FaultPlan(FaultSettings(usesMagicNumbers: false))
        #expect(plain.decide(Self.subject(["+447700900005"])) == FaultDecision())
    }

    @Test(
        arguments: [
            (
                .reject(code: "X", status: 429, retryAfter: .milliseconds(1500)),
                #"{"code":"X","kind":"reject","retryAfter":"1500ms","status":429}"#
            ),
            (.reject(code: "X"), #"{"code":"X","kind":"reject"}"#),
            (.unreachable, #"{"kind":"unreachable"}"#),
            (.hang(for: .seconds(2)), #"{"for":"2s","kind":"hang"}"#),
            (.slow(by: .milliseconds(250)), #"{"by":"250ms","kind":"slow"}"#),
            (.acceptThenClose, #"{"kind":"acceptThenClose"}"#),
            (.duplicate, #"{"kind":"duplicate"}"#),
            (.undelivered(), #"{"code":"UNDELIV","kind":"undelivered"}"#),
            (.reportDelay(by: .seconds(60)), #"{"by":"60s","kind":"reportDelay"}"#),
            (.http(status: 503), #"{"afterProcessing":false,"kind":"http","status":503}"#),
            (.garbage(afterProcessing: true), #"{"afterProcessing":true,"kind":"garbage"}"#),
            (.clockSkew(by: .seconds(-1200)), #"{"by":"-1200s","kind":"clockSkew"}"#),
        ] as [(Fault, String)]
    )
    func faultIsEncodedWithItsKindAndMembers(fault: Fault, json: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(String(decoding: try encoder.encode(fault), as: UTF8.self) == json)
        #expect(json.contains("\"kind\":\"\(fault)\""))
    }

    @Test func settingsRoundTripThroughJSON() throws {
        let json = """
            {"seed": 42, "magicNumbers": false, "rules": [
              {"match": {"to": "+65*", "action": "*", "text": "*code*", "template": "SMS_1", "from": "Shop"},
               "nth": 2, "count": 3, "probability": 0.5, "fault": {"kind": "reject", "code": "Throttling.User",
               "status": 429, "retryAfter": "1500ms"}},
              {"fault": {"kind": "unreachable"}}, {"fault": {"kind": "hang"}}, {"fault": {"kind": "hang", "for": "2s"}},
              {"fault": {"kind": "slow", "by": "250ms"}}, {"fault": {"kind": "acceptThenClose"}},
              {"fault": {"kind": "duplicate"}}, {"fault": {"kind": "undelivered"}},
              {"fault": {"kind": "undelivered", "code": "REJECTD"}}, {"fault": {"kind": "reportDelay", "by": "1h"}},
              {"fault": {"kind": "http", "status": 503}},
              {"fault": {"kind": "http", "status": 502, "afterProcessing": true}}, {"fault": {"kind": "garbage"}},
              {"fault": {"kind": "clockSkew", "by": "-20m"}}
            ]}
            """
        let settings = try FaultSettings(json: json.utf8)
        #expect(settings.seed == 42)
        #expect(!settings.usesMagicNumbers)
        let match = FaultRule.Match(to: "+65*", action: "*", text: "*code*", template: "SMS_1", from: "Shop")
        let reject = Fault.reject(code: "Throttling.User", status: 429, retryAfter: .milliseconds(1500))
        #expect(settings.rules[0] == FaultRule(reject, for: match, nth: 2, count: 3, probability: 0.5))
        #expect(
            settings.rules.dropFirst().map(\.fault) == [
                .unreachable, .hang(), .hang(for: .seconds(2)), .slow(by: .milliseconds(250)), .acceptThenClose,
                .duplicate, .undelivered(), .undelivered(code: "REJECTD"), .reportDelay(by: .seconds(3600)),
                .http(status: 503), .http(status: 502, afterProcessing: true), .garbage(),
                .clockSkew(by: .seconds(-1200)),
            ]
        )
        #expect(try FaultSettings(json: JSONEncoder().encode(settings)) == settings)
    }

    @Test(
        arguments: [
            ("", "the file is not JSON: the JSON text ends too early at byte 0"), ("[]", "the file is not an object"),
            ("null", "the file is null"),
            (#"{"rule":[]}"#, "rule is not known here; known are rules, magicNumbers, seed, struck"),
            (#"{"rules":{}}"#, "rules is not an array"),
            (#"{"rules":[{}]}"#, "rules[0].fault is missing"),
            (#"{"rules":[{"fault":{}}]}"#, "rules[0].fault.kind is missing"),
            (#"{"rules":[{"fault":{"kind":"reject"}}]}"#, "rules[0].fault.code is missing"),
            (
                #"{"rules":[{"fault":{"kind":"duplicate","by":"1s"}}]}"#,
                "rules[0].fault.by is not known here; known are kind"
            ),
            (#"{"rules":[{"fault":{"kind":"duplicate"},"nth":0}]}"#, "rules[0].nth must be 1 to 9223372036854775807"),
            (#"{"rules":[{"fault":{"kind":"duplicate"},"nth":"2"}]}"#, "rules[0].nth is not an integer"),
            (#"{"rules":[{"fault":{"kind":"duplicate"},"probability":1.5}]}"#, "rules[0].probability must be 0 to 1"),
            (
                #"{"rules":[{"fault":{"kind":"duplicate"},"match":{"to":""}}]}"#,
                "rules[0].match.to must have 1 to 200 bytes"
            ),
            (#"{"rules":[{"fault":{"kind":"http","status":200}}]}"#, "rules[0].fault.status must be 400 to 599"),
            (
                #"{"rules":[{"fault":{"kind":"reject","code":"a\r\nb"}}]}"#,
                "rules[0].fault.code must be letters, digits, dots, hyphens and underscores"
            ),
            (
                #"{"rules":[{"fault":{"kind":"slow","by":"long"}}]}"#,
                "rules[0].fault.by must be a duration such as 500ms, 2s, 5m or 1h, from 0s to 600s"
            ),
        ]
    )
    func invalidSettingsAreRejectedWithAReason(json: String, reason: String) {
        #expect(throws: FaultSettings.InvalidJSON(description: reason)) { try FaultSettings(json: json.utf8) }
    }

    @Test func numberOfRulesIsLimited() {
        let rules = Array(repeating: #"{"fault":{"kind":"duplicate"}}"#, count: 101).joined(separator: ",")
        #expect(throws: FaultSettings.InvalidJSON(description: "rules must be at most 100")) {
            try FaultSettings(json: #"{"rules":[\#(rules)]}"#.utf8)
        }
    }
}
