// SPDX-License-Identifier: Apache-2.0

import SMSKit
import Testing

@testable import SendGuard

/// Tests that outcomes, even merged ones, are counted in the scopes of their sends.
@Suite struct OutcomeClaimTests {
    private static let addresses = [
        nil, "192.0.2.1", "192.0.2.2", "192.0.3.1", "10.0.0.0", "0.0.0.0", "2001:db8:1:2::1", "2001:db8:1:3::1",
        "2001:db8:2:2::1", "::",
    ]

    private static var requests: [SendRequest] {
        get throws {
            var requests: [SendRequest] = []
            for number in ["+6591234567", "+6591244567", "+8613800000001", "+8613800010001", "+870773111632"] {
                for (tenant, purpose) in [("acme", "sign-in"), ("acme", "recovery"), ("other", "sign-in")] {
                    for address in Self.addresses {
                        requests.append(
                            SendRequest(
                                number: try PhoneNumber(number),
                                tenant: tenant,
                                purpose: purpose,
                                source: address.flatMap { SourceAddress($0) }
                            )
                        )
                    }
                }
            }
            return requests
        }
    }

    private static func subject(_ request: SendRequest) -> OutcomeSubject {
        OutcomeSubject(
            number: request.number,
            tenant: request.tenant,
            purpose: request.purpose,
            source: request.source
        )
    }

    private static func counts(verified: Int, failed: Int) -> OutcomeCounts {
        var counts = OutcomeCounts()
        for _ in 0..<verified { counts.add(.verified) }
        for _ in 0..<failed { counts.add(.failed) }
        return counts
    }

    @Test func outcomesOfABatchHaveTheScopesOfTheirSends() throws {
        let sendGuard = try GuardFixture().sendGuard
        let requests = try Self.requests
        #expect(Set(requests.map(Self.subject)).count == requests.count)
        let sums = requests.map { (key: Self.subject($0), value: Self.counts(verified: 1, failed: 0)) }
        let claims = sendGuard.outcomes(of: sums).map(\.claim)
        #expect(claims.count == requests.count)
        for (claim, request) in zip(claims, requests) {
            let expected = sendGuard.outcome(.verified, of: request).claim
            #expect(claim.origin == expected.origin, "\(request)")
            #expect(claim.shared == expected.shared, "\(request)")
            #expect(claim.facts.destination == expected.facts.destination)
            #expect(claim.reportedBlock == expected.reportedBlock)
        }
    }

    @Test func subjectHasAnOutcomeOfEachKindThatOccurred() throws {
        let sendGuard = try GuardFixture().sendGuard
        let subjects = try Self.requests.prefix(3).map(Self.subject)
        let sums = [(2, 3), (0, 1), (4, 0)].map { Self.counts(verified: $0.0, failed: $0.1) }
        let outcomes = sendGuard.outcomes(of: zip(subjects, sums).map { (key: $0, value: $1) })
        #expect(outcomes.map(\.kind) == [.verified, .failed, .failed, .verified])
        #expect(outcomes.map(\.count) == [2, 3, 1, 4])
    }

    @Test func addressesOfOneSourceAreOneSubject() throws {
        let subjects = try ["2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1", "192.0.2.1", "192.0.2.2"]
            .map { address in
                Self.subject(
                    SendRequest(
                        number: try PhoneNumber("+6591234567"),
                        tenant: "acme",
                        purpose: "sign-in",
                        source: SourceAddress(address)
                    )
                )
            }
        #expect(Set(subjects).count == 4)
    }
}
