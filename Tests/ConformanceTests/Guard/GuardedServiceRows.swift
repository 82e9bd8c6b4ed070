// SPDX-License-Identifier: Apache-2.0

import Metrics
import MetricsTestKit
import OTP
import OTPTesting
import SMSKit
import SendGuard
import Testing

extension Conformance {
    /// Rows of the conformance table about a service with a guard.
    @Suite struct GuardedServiceRows {
        /// Returns the gate of a service; by default, the home region is Singapore.
        private static func gate(
            _ ledger: any SendLedger,
            home: Set<Region> = [.singapore],
            _ change: (inout GuardPolicy) -> Void = { _ in }
        ) throws -> SendGate {
            var policy = GuardPolicy(homeRegions: home, serviceBudget: .init(messages: 10_000))
            policy.tenantBudget = .init(messages: 10_000)
            change(&policy)
            let hash = try KeyRing.test().scopeHash
            return SendGate(try SMSGuard(policy: policy, ledger: ledger, hash: hash, reportInterval: nil))
        }

        private static func client(_ number: Int) -> ClientInfo {
            ClientInfo(source: SourceAddress("10.\(number / 256).\(number % 256).1"))
        }

        @Test(
            "CT-21: if nobody verifies a code, a block and a region without users each get at most 30 messages",
            arguments: Trial.onStoresAndDoors
        )
        func ct21(trial: Trial) async throws {
            try await trial.run(
                mutant: "a service whose only limits are per number and per client address",
                fails: "a block gets at most 30 messages",
                "a region without users gets at most 30 messages"
            ) { findings in
                try await trial.withPlace { place in
                    let gate = try Self.gate(place.ledger) { policy in
                        guard trial.isMutant else { return }
                        policy.rules.removeAll { $0.name.measure == .unverified && $0.name.scope != .source }
                    }
                    let service = try await place.service { setup in
                        setup.policy.destinations = [.singapore, .unitedKingdom]
                        setup.sendGuard = gate
                    }
                    // HTTP requests take longer.
                    let count = trial.door == .http ? 40 : 100
                    for number in 0..<count {
                        let recipient = try PhoneNumber("+659123\(String(10_000 + number).dropFirst())")
                        _ = await service.issueError(for: recipient, client: Self.client(number))
                    }
                    let block = service.sms.messages.count
                    findings.expect("a block gets at most 30 messages", (1...30).contains(block), block)
                    for number in 0..<count {
                        let recipient = try PhoneNumber("+4479\(String(1_000 + number * 7).suffix(3))12345")
                        _ = await service.issueError(for: recipient, client: Self.client(1_000 + number))
                    }
                    let region = service.sms.messages.count - block
                    findings.expect(
                        "a region without users gets at most 30 messages",
                        (1...30).contains(region),
                        region
                    )
                    await gate.flush()
                }
            }
        }

        /// Requests codes for four numbers, and enters 20 wrong codes.
        private static func guess(_ attacker: ClientInfo, _ service: Service) async throws {
            for number in 0..<4 {
                let recipient = try PhoneNumber("+6591\(10 + number)1234")
                let sent = try await service.issue(for: recipient, client: attacker)
                for step in 1...5 {
                    let code = wrong(sent.code, by: step)
                    _ = await service.attempt(code, sent.token, for: recipient, client: attacker)
                }
            }
        }

        @Test(
            "T15: a client address that sends many wrong codes gets no new code, and the metrics count the wrong codes",
            arguments: Trial.onStoresAndDoors
        )
        func t15(trial: Trial) async throws {
            try await trial.run(
                mutant: "a ledger that does not record failed attempts",
                fails: "the source of wrong codes gets no new code"
            ) { findings in
                let metrics = TestMetrics()
                try await withMetricsFactory(metrics) {
                    try await trial.withPlace { place in
                        let gate = try Self.gate(place.alteredLedger { $0.records = { $0.kind != .failed } })
                        let service = try await place.service { $0.sendGuard = gate }
                        let attacker = Self.client(1)
                        try await Self.guess(attacker, service)
                        await gate.flush()
                        let refused = await service.issueError(client: attacker)
                        findings.expect(
                            "the source of wrong codes gets no new code",
                            refused?.code == .blocked,
                            refused as Any
                        )
                        let other = await service.issueError(for: Service.otherNumber, client: Self.client(700))
                        findings.expect("another source gets a code", other == nil, other as Any)
                        await gate.flush()
                    }
                }
                let counters = metrics.counters.filter { counter in
                    counter.label == "otp.verify"
                        && counter.dimensions.contains { $0.0 == "outcome" && $0.1 == "incorrectCode" }
                }
                let count = counters.reduce(0) { $0 + $1.totalValue }
                findings.expect("the metrics count the wrong codes", count == 20, count)
            }
        }
    }
}
