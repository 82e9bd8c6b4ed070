import Foundation
import SMSKit
import SeededRandom
import Testing

@testable import AlibabaSMS

/// What follows what, without any I/O.
@Suite struct RetryPolicyTests {
    typealias End = Exchange<ConversionResponse>

    static let date = Date(timeIntervalSince1970: 1_800_000_000)
    static let error = AlibabaSMSError(.timeout, message: "m")

    /// Every way in which a request can end.
    static let ends: [(name: String, end: End)] = [
        ("refused", .refused(error, .none)), ("throttled", .refused(error, .pause)),
        ("unreachable", .refused(error, .connection)), ("credential", .refused(error, .credential)),
        ("clock", .refused(error, .clock(date))), ("unanswered", .unknown(error, .unanswered)),
        ("fault", .unknown(error, .likelyRefused)), ("nonce", .unknown(error, .seenBefore)),
    ]

    static func end(_ name: String) -> End { Self.ends.first { $0.name == name }?.end ?? .refused(error, .none) }

    static func policy(
        isRepeatable: Bool = false,
        resends: Bool = false,
        repeats: Bool = false,
        attempts: Int = 10
    ) -> RetryPolicy {
        RetryPolicy(
            .init(
                isRepeatable: isRepeatable,
                resendsLikelyRefusals: resends,
                repeatsUnanswered: repeats,
                maximumAttempts: attempts
            )
        )
    }

    /// The signing of the next request, or `nil` if there is none.
    static func next(_ policy: inout RetryPolicy, after end: End) -> RetryPolicy.Signing? {
        switch policy.step(after: end, chance: 0.5) {
        case .again(let signing, _): signing
        case .end: nil
        }
    }

    /// What follows a first request: by default, with the first, the second, both opt-ins, and if repeatable.
    static let firsts: [(name: String, next: [RetryPolicy.Signing?])] = [
        ("refused", [nil, nil, nil, nil, nil]),
        ("throttled", [.anew, .anew, .anew, .anew, .anew]),
        ("unreachable", [.anew, .anew, .anew, .anew, .anew]),
        ("credential", .init(repeating: .withOtherCredential, count: 5)),
        ("clock", .init(repeating: .withGatewayTime(date), count: 5)),
        ("unanswered", [nil, nil, .same, .same, .anew]),
        ("fault", [nil, .anew, .same, .anew, .anew]),
        ("nonce", [nil, nil, nil, nil, .anew]),
    ]

    @Test func theTableHolds() {
        #expect(Self.firsts.map(\.name) == Self.ends.map(\.name))
        for (name, next) in Self.firsts {
            let policies = [
                Self.policy(), Self.policy(resends: true), Self.policy(repeats: true),
                Self.policy(resends: true, repeats: true), Self.policy(isRepeatable: true),
            ]
            for (policy, expected) in zip(policies, next) {
                var policy = policy
                #expect(Self.next(&policy, after: Self.end(name)) == expected, "\(name)")
            }
        }
        var policy = Self.policy(resends: true, repeats: true)
        let answer = ConversionResponse(ResponseFields([:]))
        #expect(Self.next(&policy, after: .accepted(answer)) == nil)
    }

    @Test func aCredentialAndAClockAreMendedOnce() {
        for name in ["credential", "clock"] {
            var policy = Self.policy()
            #expect(Self.next(&policy, after: Self.end(name)) != nil)
            #expect(Self.next(&policy, after: Self.end(name)) == nil)
        }
    }

    /// However requests end: without an opt-in no request follows one that may have been taken, and with the second
    /// only the same bytes do.
    @Test func noSecondMessageCanComeOfIt() {
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
                // Whatever the last request says, a refusal would be a lie.
                guard case .unknown = policy.outcome(after: Self.end("refused")) else {
                    Issue.record("rejected in spite of doubt in round \(round)")
                    return
                }
            }
        }
    }

    @Test func aRefusalOfWhatDoesNoHarmTwiceIsOne() {
        var policy = Self.policy(isRepeatable: true)
        _ = Self.next(&policy, after: Self.end("unanswered"))
        if case .rejected = policy.outcome(after: Self.end("refused")) {} else { Issue.record("not rejected") }
    }

    @Test func theFirstDoubtIsTheOneThatIsTold() {
        var policy = Self.policy(repeats: true)
        let first = AlibabaSMSError(.connectionLost, message: "m")
        _ = Self.next(&policy, after: .unknown(first, .unanswered))
        let nonce = End.unknown(AlibabaSMSError("SignatureNonceUsed", message: "m"), .seenBefore)
        #expect(Self.next(&policy, after: nonce) == nil)
        guard case .unknown(let error) = policy.outcome(after: nonce) else { Issue.record("not unknown"); return }
        #expect(error.code == .connectionLost)
    }

    @Test(arguments: [1, 2, 3, 10])
    func requestsAreBounded(bound: Int) {
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

    @Test func thePauseIsTheGatewaysOrElseGrowsToItsBound() {
        var asked = Self.error
        asked.retryAfter = .seconds(7)
        var policy = Self.policy()
        #expect(policy.step(after: End.refused(asked, .pause), chance: 0.5) == .again(.anew, after: .seconds(7)))
        #expect(
            policy.step(after: Self.end("throttled"), chance: 0.5) == .again(.anew, after: .milliseconds(200))
        )
    }
}
