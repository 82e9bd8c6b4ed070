// SPDX-License-Identifier: Apache-2.0

import SMSChaos
import Testing

/// Tests that the checker of `scripts/chaos sms` finds violations.
@Suite struct SendCheckerTests {
    typealias Rule = SendChecker.Violation.Rule

    private static func send(_ outcome: ChaosSend.Outcome, elapsed: Duration = .zero) -> ChaosSend {
        ChaosSend(task: "t", outcome: outcome, requests: 1, elapsed: elapsed, timeout: .seconds(1))
    }

    private static func accepted(_ ids: [String]) -> [AcceptedMessage] {
        ids.map { AcceptedMessage(requestID: "request-\($0)", messageID: $0) }
    }

    private static func rules(_ send: ChaosSend, accepted: [String: [AcceptedMessage]]) -> [Rule] {
        SendChecker(tolerance: .milliseconds(100)).violations(of: [send], accepted: accepted).map(\.rule)
    }

    @Test(arguments: [
        (ChaosSend.Outcome.accepted(messageID: "1"), ["1"]), (.rejected(code: "x"), []), (.unknown(code: "x"), []),
        (.unknown(code: "x"), ["1"]),
    ])
    func trueOutcomeIsNoViolation(outcome: ChaosSend.Outcome, ids: [String]) {
        let send = Self.send(outcome, elapsed: .milliseconds(1100))
        #expect(Self.rules(send, accepted: ids.isEmpty ? [:] : ["t": Self.accepted(ids)]).isEmpty)
    }

    @Test(arguments: [
        (ChaosSend.Outcome.accepted(messageID: "1"), [String](), Rule.acceptedButMissing),
        (.accepted(messageID: "1"), ["2"], .acceptedAsAnother), (.accepted(messageID: "1"), ["1", "2"], .sentTwice),
        (.rejected(code: "x"), ["1"], .rejectedButAccepted), (.unknown(code: "x"), ["1", "2"], .sentTwice),
    ])
    func brokenPromiseIsFound(outcome: ChaosSend.Outcome, ids: [String], rule: Rule) {
        #expect(Self.rules(Self.send(outcome), accepted: ["t": Self.accepted(ids)]) == [rule])
    }

    @Test func duplicateOfTheGatewayIsNoViolation() {
        let doubled = [
            AcceptedMessage(requestID: "r", messageID: "1"), AcceptedMessage(requestID: "r", messageID: "2"),
        ]
        #expect(Self.rules(Self.send(.accepted(messageID: "1")), accepted: ["t": doubled]).isEmpty)
    }

    @Test func lateCallIsFound() {
        #expect(
            Self.rules(Self.send(.unknown(code: "timeout"), elapsed: .milliseconds(1101)), accepted: [:]) == [.late]
        )
    }

    @Test func messageWithoutACallIsFound() {
        #expect(Self.rules(Self.send(.unknown(code: "x")), accepted: ["other": Self.accepted(["1"])]) == [.neverSent])
    }
}
