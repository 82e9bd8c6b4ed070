// SPDX-License-Identifier: Apache-2.0

import Deadlines
import Foundation
import SMSKit
import SeededRandom
import Testing

@testable import AlibabaSMS

/// Tests of the decisions of the retry policy, without I/O.
@Suite struct RetryPolicyTests {
    typealias End = RequestOutcome<ConversionResponse>

    static let date = Date(timeIntervalSince1970: 1_800_000_000)
    static let error = AlibabaSMSError(.timeout, message: "m")

    /// The possible outcomes of a request, with their names.
    static let ends: [(name: String, end: End)] = [
        ("rejected", .rejected(error, .none)), ("throttled", .rejected(error, .backOff)),
        ("unreachable", .rejected(error, .connection)), ("credential", .rejected(error, .credential)),
        ("clock", .rejected(error, .clock(date))), ("unanswered", .unknown(error, .unanswered)),
        ("fault", .unknown(error, .likelyRejected)), ("nonce", .unknown(error, .seenBefore)),
    ]

    static func end(_ name: String) -> End { Self.ends.first { $0.name == name }?.end ?? .rejected(error, .none) }

    static func policy(
        isIdempotent: Bool = false,
        resends: Bool = false,
        repeats: Bool = false,
        attempts: Int = 10
    ) -> RetryPolicy {
        RetryPolicy(
            .init(
                isIdempotent: isIdempotent,
                retriesLikelyRejections: resends,
                repeatsUnanswered: repeats,
                maximumRequests: attempts
            )
        )
    }

    /// Returns how the next request is signed; `nil` if the call ends.
    static func next(_ policy: inout RetryPolicy, after end: End) -> RetryPolicy.Signing? {
        switch policy.step(after: end, chance: 0.5) {
        case .again(let signing, _): signing
        case .end: nil
        }
    }

    /// The decisions after the first request.
    ///
    /// The columns are: no option, the first option, the second option, both options, and an idempotent action.
    static let firsts: [(name: String, next: [RetryPolicy.Signing?])] = [
        ("rejected", [nil, nil, nil, nil, nil]),
        ("throttled", [.anew, .anew, .anew, .anew, .anew]),
        ("unreachable", [.anew, .anew, .anew, .anew, .anew]),
        ("credential", .init(repeating: .withOtherCredential, count: 5)),
        ("clock", .init(repeating: .withGatewayTime(date), count: 5)),
        ("unanswered", [nil, nil, .same, .same, .anew]),
        ("fault", [nil, .anew, .same, .anew, .anew]),
        ("nonce", [nil, nil, nil, nil, .anew]),
    ]

    @Test func firstStepFollowsTheTable() {
        #expect(Self.firsts.map(\.name) == Self.ends.map(\.name))
        for (name, next) in Self.firsts {
            let policies = [
                Self.policy(), Self.policy(resends: true), Self.policy(repeats: true),
                Self.policy(resends: true, repeats: true), Self.policy(isIdempotent: true),
            ]
            for (policy, expected) in zip(policies, next) {
                var policy = policy
                #expect(Self.next(&policy, after: Self.end(name)) == expected, "\(name)")
            }
        }
        var policy = Self.policy(resends: true, repeats: true)
        let response = ConversionResponse(ResponseFields([:]))
        #expect(Self.next(&policy, after: .accepted(response)) == nil)
    }

    @Test func credentialAndClockAreCorrectedOnce() {
        for name in ["credential", "clock"] {
            var policy = Self.policy()
            #expect(Self.next(&policy, after: Self.end(name)) != nil)
            #expect(Self.next(&policy, after: Self.end(name)) == nil)
        }
    }

    /// Tests random sequences of requests.
    ///
    /// Without an option, there must be no request after a request that the gateway may have accepted. With the second option,
    /// the next request must have the same bytes.
    @Test func noSequenceCanSendASecondMessage() {
        var generator = SplitMix64(seed: 7)
        for round in 0..<20_000 {
            let repeats = round % 2 == 0
            var policy = Self.policy(repeats: repeats)
            var mayHaveBeenTaken = false
            for _ in 0..<10 {
                let (_, end) = Self.ends[Int(generator.next() % UInt64(Self.ends.count))]
                if case .unknown = end { mayHaveBeenTaken = true }
                guard let next = Self.next(&policy, after: end) else { break }
                if mayHaveBeenTaken, !(repeats && next == .same) {
                    Issue.record("\(next) after doubt in round \(round)")
                    return
                }
            }
            if mayHaveBeenTaken {
                // Even if the last request is rejected, the outcome of the whole call must remain unknown.
                guard case .unknown = policy.outcome(after: Self.end("rejected")) else {
                    Issue.record("rejected in spite of doubt in round \(round)")
                    return
                }
            }
        }
    }

    @Test func rejectionOfAnIdempotentActionIsFinal() {
        var policy = Self.policy(isIdempotent: true)
        _ = Self.next(&policy, after: Self.end("unanswered"))
        if case .rejected = policy.outcome(after: Self.end("rejected")) {} else { Issue.record("not rejected") }
    }

    @Test func firstUnknownErrorIsReported() {
        var policy = Self.policy(repeats: true)
        let first = AlibabaSMSError(.connectionLost, message: "m")
        _ = Self.next(&policy, after: .unknown(first, .unanswered))
        let nonce = End.unknown(AlibabaSMSError("SignatureNonceUsed", message: "m"), .seenBefore)
        #expect(Self.next(&policy, after: nonce) == nil)
        guard case .unknown(let error) = policy.outcome(after: nonce) else { Issue.record("not unknown"); return }
        #expect(error.code == .connectionLost)
    }

    @Test(arguments: [1, 2, 3, 10])
    func numberOfRequestsIsBounded(bound: Int) {
        for name in ["throttled", "unreachable"] {
            var policy = Self.policy(attempts: bound)
            var requests = 1
            while Self.next(&policy, after: Self.end(name)) != nil { requests += 1 }
            #expect(requests == bound)
        }
        var same = Self.policy(repeats: true, attempts: bound)
        var requests = 1
        while Self.next(&same, after: Self.end("unanswered")) != nil { requests += 1 }
        #expect(requests == bound)
    }

    @Test func waitOfTheGatewayTakesPrecedenceOverTheBackOff() {
        let backOff = Backoff(base: .milliseconds(200), maximum: .seconds(5), jitter: .full)
        let ceilings = (1...8).map { backOff.delay(afterFailures: $0, chance: 1) }
        #expect(ceilings == [200, 400, 800, 1600, 3200, 5000, 5000, 5000].map { .milliseconds($0) })
        #expect(backOff.delay(afterFailures: 3, chance: 0) == .zero)
        #expect(backOff.delay(afterFailures: 3, chance: 0.25) == .milliseconds(200))
        #expect(backOff.delay(afterFailures: Int.max, chance: 1) == .seconds(5))
        #expect(backOff.delay(afterFailures: 1, chance: 7) == .milliseconds(200))

        var asked = Self.error
        asked.retryAfter = .seconds(7)
        var policy = Self.policy()
        #expect(policy.step(after: End.rejected(asked, .backOff), chance: 0.5) == .again(.anew, after: .seconds(7)))
        #expect(
            policy.step(after: Self.end("throttled"), chance: 0.5) == .again(.anew, after: .milliseconds(200))
        )
    }
}
