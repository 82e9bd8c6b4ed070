import SMSChaos
import Testing

/// The checker of `scripts/chaos sms` finds what it is there for.
@Suite struct SendCheckerTests {
    typealias Rule = SendChecker.Violation.Rule

    private static func send(_ outcome: ChaosSend.Outcome, elapsed: Duration = .zero) -> ChaosSend {
        ChaosSend(task: "t", outcome: outcome, requests: 1, elapsed: elapsed, timeout: .seconds(1))
    }

    private static func taken(_ ids: [String]) -> [TakenMessage] {
        ids.map { TakenMessage(requestID: "request-\($0)", messageID: $0) }
    }

    private static func rules(_ send: ChaosSend, taken: [String: [TakenMessage]]) -> [Rule] {
        SendChecker(tolerance: .milliseconds(100)).violations(of: [send], taken: taken).map(\.rule)
    }

    @Test(arguments: [
        (ChaosSend.Outcome.accepted(messageID: "1"), ["1"]), (.rejected(code: "x"), []), (.unknown(code: "x"), []),
        (.unknown(code: "x"), ["1"]),
    ])
    func whatMayBeIsNoViolation(outcome: ChaosSend.Outcome, ids: [String]) {
        let send = Self.send(outcome, elapsed: .milliseconds(1100))
        #expect(Self.rules(send, taken: ids.isEmpty ? [:] : ["t": Self.taken(ids)]).isEmpty)
    }

    @Test(arguments: [
        (ChaosSend.Outcome.accepted(messageID: "1"), [String](), Rule.acceptedButNotTaken),
        (.accepted(messageID: "1"), ["2"], .acceptedAsAnother), (.accepted(messageID: "1"), ["1", "2"], .sentTwice),
        (.rejected(code: "x"), ["1"], .rejectedButTaken), (.unknown(code: "x"), ["1", "2"], .sentTwice),
    ])
    func whatMustNotBeIsFound(outcome: ChaosSend.Outcome, ids: [String], rule: Rule) {
        #expect(Self.rules(Self.send(outcome), taken: ["t": Self.taken(ids)]) == [rule])
    }

    @Test func whatTheGatewayDoubledByItselfIsNoViolation() {
        let doubled = [
            TakenMessage(requestID: "r", messageID: "1"), TakenMessage(requestID: "r", messageID: "2"),
        ]
        #expect(Self.rules(Self.send(.accepted(messageID: "1")), taken: ["t": doubled]).isEmpty)
    }

    @Test func aCallThatOutlivesItsDeadlineIsFound() {
        #expect(Self.rules(Self.send(.unknown(code: "timeout"), elapsed: .milliseconds(1101)), taken: [:]) == [.late])
    }

    @Test func aMessageThatNobodySentIsFound() {
        #expect(Self.rules(Self.send(.unknown(code: "x")), taken: ["other": Self.taken(["1"])]) == [.unasked])
    }
}
