// SPDX-License-Identifier: Apache-2.0

import RedisChaos
import Testing

/// Tests that the checker of `scripts/chaos` finds each kind of violation, and accepts correct histories.
@Suite struct ChaosCheckerTests {
    private typealias Rule = ChaosChecker.Violation.Rule

    /// A step of a hand-written history, by default for number 1 and challenge 1.
    private struct Step {
        var kind: ChaosOperation.Kind
        var start: Double
        var end: Double
        var outcome: ChaosOperation.Outcome
        var number = 1
        var challenge = 1

        init(
            _ kind: ChaosOperation.Kind,
            _ start: Double,
            _ end: Double,
            _ outcome: ChaosOperation.Outcome,
            number: Int = 1,
            challenge: Int = 1
        ) {
            (self.kind, self.start, self.end, self.outcome) = (kind, start, end, outcome)
            (self.number, self.challenge) = (number, challenge)
        }
    }

    private static let unknown = ChaosOperation.Outcome.unavailable("outcomeUnknown ", mayHaveRun: true)
    private static let notRun = ChaosOperation.Outcome.unavailable("connectionFailed ", mayHaveRun: false)

    private static func rules(
        _ steps: [Step],
        messages: [Int: Int] = [1: 1],
        mayLose: Bool = false,
        mayUndo: Bool = false
    ) -> [Rule] {
        var checker = ChaosChecker(longestWait: .seconds(3))
        checker.mayLose = mayLose
        checker.mayUndo = mayUndo
        let history = steps.map { step in
            ChaosOperation(
                step.kind,
                number: step.number,
                challenge: step.challenge,
                from: .seconds(step.start),
                to: .seconds(step.end),
                step.outcome
            )
        }
        return checker.violations(of: history, messages: messages).map(\.rule).sorted { $0.rawValue < $1.rawValue }
    }

    @Test func soundHistoryBreaksNoRule() {
        let steps = [
            Step(.issue, 0, 1, .ok), Step(.issue, 0, 1, .refused("rateLimited"), challenge: 2),
            Step(.wrong, 1, 2, .incorrect), Step(.wrong, 1, 2, Self.unknown), Step(.wrong, 1, 2, .incorrect),
            Step(.right, 2, 4, Self.notRun), Step(.right, 4, 6, .ok), Step(.right, 4, 6, .refused("expired")),
            Step(.right, 7, 8, .refused("expired")), Step(.wrong, 7, 8, .refused("expired")),
        ]
        #expect(Self.rules(steps).isEmpty)
        #expect(Self.rules([]).isEmpty == false, "a message that no caller knows of")
        #expect(Self.rules([], messages: [:]).isEmpty)
    }

    @Test func codeAcceptedTwiceIsFound() {
        let steps = [Step(.issue, 0, 1, .ok), Step(.right, 1, 3, .ok), Step(.right, 2, 4, .ok)]
        #expect(Self.rules(steps) == [.acceptedTwice])
        #expect(Self.rules(steps, mayLose: true) == [.acceptedTwice])
        // It is correct that each of two challenges is accepted once.
        let two = [
            Step(.issue, 0, 1, .ok), Step(.right, 1, 3, .ok), Step(.issue, 0, 1, .ok, number: 2, challenge: 2),
            Step(.right, 2, 4, .ok, number: 2, challenge: 2),
        ]
        #expect(Self.rules(two, messages: [1: 1, 2: 1]).isEmpty)
    }

    @Test func acceptedWrongCodeIsFound() {
        let steps = [Step(.issue, 0, 1, .ok), Step(.wrong, 1, 2, .ok)]
        #expect(Self.rules(steps) == [.wrongAccepted])
        #expect(Self.rules(steps, mayLose: true) == [.wrongAccepted])
    }

    @Test func moreAttemptsThanACodeHasAreFound() {
        let five = [Step(.issue, 0, 1, .ok)] + (0..<5).map { _ in Step(.wrong, 1, 2, .incorrect) }
        #expect(Self.rules(five).isEmpty)
        #expect(Self.rules(five + [Step(.wrong, 1, 2, .incorrect)]) == [.tooManyAttempts])
        #expect(Self.rules(five + [Step(.right, 1, 2, .ok)]) == [.tooManyAttempts])
        #expect(Self.rules(five + [Step(.wrong, 1, 2, Self.unknown)]).isEmpty)
        #expect(Self.rules(five + [Step(.wrong, 1, 2, .incorrect)], mayLose: true).isEmpty)
    }

    @Test func codeAcceptedAfterItEndedIsFound() {
        let steps = [Step(.issue, 0, 1, .ok), Step(.wrong, 1, 2, .refused("attemptsExhausted"))]
        #expect(Self.rules(steps + [Step(.right, 2.5, 3, .ok)]) == [.acceptedAfterEnd])
        #expect(Self.rules(steps + [Step(.right, 2.5, 3, .ok)], mayUndo: true).isEmpty)
        // Overlapping operations may have run in any order.
        #expect(Self.rules(steps + [Step(.right, 1.5, 3, .ok)]).isEmpty)
    }

    @Test func codeLostWithoutUseIsFound() {
        let steps = [Step(.issue, 0, 1, .ok), Step(.right, 1, 2, .refused("expired"))]
        #expect(Self.rules(steps) == [.lost])
        #expect(Self.rules(steps + [Step(.right, 0.5, 3, Self.notRun)]) == [.lost])
        #expect(Self.rules(steps + [Step(.right, 2.5, 3, Self.unknown)]) == [.lost], "a later attempt is not the cause")
        #expect(Self.rules(steps + [Step(.right, 0.5, 3, Self.unknown)]).isEmpty)
        #expect(Self.rules(steps + [Step(.right, 1.5, 3, .ok)]).isEmpty)
        #expect(Self.rules(steps, mayLose: true).isEmpty)
        let late = [Step(.issue, 0, 1, .ok), Step(.right, 300, 301, .refused("expired"))]
        #expect(Self.rules(late).isEmpty)
    }

    @Test func moreMessagesThanTheLimitAreFound() {
        let early = [Step(.issue, 0, 1, .ok), Step(.issue, 58, 59, .ok, challenge: 2)]
        #expect(Self.rules(early, messages: [1: 2]) == [.tooManyMessages])
        #expect(Self.rules(early, messages: [1: 2], mayLose: true).isEmpty)
        let late = [Step(.issue, 0, 1, .ok), Step(.issue, 59, 60, .ok, challenge: 2)]
        #expect(Self.rules(late, messages: [1: 2]).isEmpty)
    }

    @Test func messagesUnknownToAllCallersAreFound() {
        let steps = [Step(.issue, 0, 1, Self.unknown)]
        #expect(Self.rules(steps, messages: [1: 1]) == [.unknownMessage])
        #expect(Self.rules(steps, messages: [1: 0]).isEmpty)
        #expect(Self.rules([Step(.issue, 0, 1, .ok)], messages: [:]) == [.unknownMessage])
        #expect(Self.rules([], messages: [3: 1]) == [.unknownMessage])
    }

    @Test func callerThatWaitsTooLongIsFound() {
        #expect(Self.rules([Step(.issue, 0, 3.1, .ok)]) == [.hang])
        #expect(Self.rules([Step(.issue, 0, 3.1, Self.unknown)], messages: [:]) == [.hang])
        #expect(Self.rules([Step(.issue, 0, 3, .ok)]).isEmpty)
    }

    @Test func summaryCountsOutcomes() {
        let steps: [(Double, ChaosOperation.Outcome)] = [
            (1, .ok), (2, Self.unknown), (9, .incorrect), (12, Self.notRun),
        ]
        let summary = ChaosSummary(
            of: steps.map { end, outcome in
                ChaosOperation(.right, number: 1, challenge: 1, from: .seconds(end - 1), to: .seconds(end), outcome)
            }
        )
        #expect(summary.operations == 4 && summary.accepted == 1 && summary.unknown == 1 && summary.rejected == 1)
        #expect(summary.longestUnavailability == .seconds(8))
        #expect(summary.longestWait == .seconds(1))
    }
}
