// SPDX-License-Identifier: Apache-2.0

import OTP
import OTPTesting
import SMSKit
import SendGuard
import Testing

extension Conformance {
    /// Rows of the conformance table about limits that apply to many numbers together.
    @Suite struct GuardRows {
        /// Returns a guard with the standard rules for a home region, and large budgets.
        private static func sendGuard(
            _ ledger: any SendLedger,
            _ change: (inout GuardPolicy) -> Void = { _ in }
        ) throws -> SMSGuard {
            var policy = GuardPolicy(homeRegions: [.singapore], serviceBudget: .init(messages: 1_000_000))
            policy.tenantBudget = .init(messages: 1_000_000)
            change(&policy)
            return try SMSGuard(
                policy: policy,
                ledger: ledger,
                hash: try KeyRing.test().scopeHash,
                reportInterval: nil
            )
        }

        /// Returns a request for a number of a block, by default from its own network.
        private static func request(_ number: Int, block: Int = 0, from source: String? = nil) throws -> SendRequest {
            SendRequest(
                number: try PhoneNumber("+659\(100 + block)\(String(10_000 + number).dropFirst())"),
                tenant: "default",
                purpose: "signIn",
                source: SourceAddress(source ?? "10.\(number / 256 % 256).\(number % 256).1")
            )
        }

        /// Requests sends from the guard, and returns the number of admitted sends.
        private static func admitted(
            _ count: Int,
            _ sendGuard: SMSGuard,
            _ request: (Int) throws -> SendRequest
        ) async throws -> Int {
            var admitted = 0
            for number in 0..<count where try await sendGuard.reserve(request(number)).outcome == .allow {
                admitted += 1
            }
            return admitted
        }

        @Test(
            "CT-09: an attacker who guesses one code for many numbers without pauses is stopped within 250 attempts",
            arguments: Trial.onStores
        )
        func ct09(trial: Trial) async throws {
            try await trial.run(
                mutant: "a ledger that does not record failed attempts",
                fails: "the guard refuses new codes within 250 wrong attempts"
            ) { findings in
                try await trial.withPlace { place in
                    let sendGuard = try Self.sendGuard(place.alteredLedger { $0.records = { $0.kind != .failed } })
                    var attempts = 0
                    for number in 0..<400 {
                        // The attacker has one message and one guess for each number.
                        let request = try Self.request(number, block: number % 100)
                        guard try await sendGuard.reserve(request).outcome == .allow else { break }
                        try await sendGuard.record([sendGuard.outcome(.failed, of: request)])
                        attempts += 1
                    }
                    findings.expect(
                        "the guard refuses new codes within 250 wrong attempts",
                        attempts <= 250,
                        attempts
                    )
                }
                guard !trial.isMutant else { return }
                let refused = try await trial.withPlace { try await Self.refusedUsers(try Self.sendGuard($0.ledger)) }
                findings.expect("honest users are not refused", refused == 0, refused)
            }
        }

        /// Simulates the sign-ins of 600 users, and returns the number of sign-ins that the guard refuses.
        private static func refusedUsers(_ sendGuard: SMSGuard) async throws -> Int {
            var refused = 0
            for number in 0..<600 {
                // Of the users, 15 % type a wrong code first.
                let request = try Self.request(number, block: number % 100)
                if try await sendGuard.reserve(request).outcome != .allow { refused += 1 }
                let failed = sendGuard.outcome(.failed, of: request)
                let outcomes = (number % 20 < 3 ? [failed] : []) + [sendGuard.outcome(.verified, of: request)]
                try await sendGuard.record(outcomes)
            }
            return refused
        }

        @Test("CT-19: requests without an address share the limits of one source", arguments: Trial.onStores)
        func ct19(trial: Trial) async throws {
            try await trial.run(
                mutant: "a guard that applies no limit of sources if the address is missing",
                fails: "requests without an address are limited like one address"
            ) { findings in
                try await trial.withPlace { place in
                    func admitted(_ ledger: any SendLedger, from source: SourceAddress?) async throws -> Int {
                        let sendGuard = try Self.sendGuard(ledger)
                        return try await Self.admitted(60, sendGuard) { number in
                            var request = try Self.request(number, block: 300 + number)
                            request.source = source
                            return request
                        }
                    }
                    let ledger = place.alteredLedger { $0.claim = { $0.origin = [] } }
                    let missing = try await admitted(ledger, from: nil)
                    findings.expect(
                        "requests without an address are limited like one address",
                        (1...40).contains(missing),
                        missing
                    )
                    let address = try await admitted(place.ledger, from: SourceAddress("192.0.2.1"))
                    findings.expect("an address is limited", (1...40).contains(address), address)
                }
            }
        }

        @Test(
            "T12: forms of an address, and addresses of one /64 network, share their limits",
            arguments: Trial.onStores
        )
        func t12(trial: Trial) async throws {
            try await trial.run(
                mutant: "a guard that counts sources by the text of the address",
                fails: "forms of an IPv4 address share one limit",
                "addresses of one /64 network share one limit"
            ) { findings in
                try await trial.withPlace { place in
                    func source(_ text: String, _ number: Int) -> String {
                        // A source for each text.
                        trial.isMutant ? "10.\(text.utf8.count).\(number).1" : text
                    }
                    let mapped = ["192.0.2.1", "::ffff:192.0.2.1", "::FFFF:c000:201", "0:0:0:0:0:ffff:192.0.2.1"]
                    let first = try await Self.admitted(60, try Self.sendGuard(place.ledger)) { number in
                        try Self.request(number, block: 300 + number, from: source(mapped[number % 4], number))
                    }
                    findings.expect("forms of an IPv4 address share one limit", (1...40).contains(first), first)
                    let second = try await Self.admitted(60, try Self.sendGuard(place.ledger)) { number in
                        let host = "2001:db8:1:2::\(String(number + 1, radix: 16))"
                        return try Self.request(number, block: 400 + number, from: source(host, 100 + number))
                    }
                    findings.expect("addresses of one /64 network share one limit", (1...40).contains(second), second)
                    for text in ["192.0.2.1, 10.0.0.1", "192.0.2.1:80", "[::1]", " 192.0.2.1", "192.0.2.01", "unknown"]
                    {
                        findings.expect("a text that is not one address is refused", SourceAddress(text) == nil, text)
                    }
                }
            }
        }

        @Test(
            "T14: of 10,000 messages to one block, each from its own address, at most 30 are sent",
            arguments: Trial.onStores
        )
        func t14(trial: Trial) async throws {
            try await trial.run(
                mutant: "a guard with limits of sources only",
                fails: "at most 30 messages are sent"
            ) { findings in
                try await trial.withPlace { place in
                    let ledger = place.alteredLedger { $0.claim = { $0.shared = [$0.shared[0]] } }
                    let sendGuard = try Self.sendGuard(ledger)
                    let count = try await withThrowingTaskGroup(of: Int.self) { group in
                        // The mutant needs fewer messages, because none is refused.
                        for part in 0..<(trial.isMutant ? 5 : 50) {
                            group.addTask {
                                try await Self.admitted(200, sendGuard) { try Self.request(part * 200 + $0) }
                            }
                        }
                        return try await group.reduce(0, +)
                    }
                    findings.expect("at most 30 messages are sent", (1...30).contains(count), count)
                }
            }
        }

        @Test(
            "CT-22: if the budget has room for one message, 200 concurrent requests send one message",
            arguments: Trial.onStores
        )
        func ct22(trial: Trial) async throws {
            try await trial.run(
                mutant: "a ledger that checks the budget, but counts messages after the send",
                fails: "one message of the budget is sent",
                "the budget of money ends the messages"
            ) { findings in
                try await trial.withPlace { place in
                    let sendGuard = try Self.sendGuard(Self.countingLater(place)) { policy in
                        policy.rules.removeAll { $0.name.measure == .unverified }
                        policy.serviceBudget.messages = 10
                    }
                    for number in 0..<9 { _ = try await sendGuard.reserve(try Self.request(number, block: number)) }
                    let count = try await withThrowingTaskGroup(of: Int.self) { group in
                        for number in 0..<200 {
                            group.addTask {
                                try await Self.admitted(1, sendGuard) { _ in
                                    try Self.request(number, block: 100 + number % 100)
                                }
                            }
                        }
                        return try await group.reduce(0, +)
                    }
                    findings.expect("one message of the budget is sent", count == 1, count)
                }
                try await trial.withPlace { place in try await Self.checkMoney(place, findings) }
            }
        }

        /// Returns the ledger of a trial, or a faulty ledger (a mutant) that forgets the admitted messages.
        private static func countingLater(_ place: StorePlace) -> any SendLedger {
            place.alteredLedger { changes in
                changes.reserve = { claim, base in
                    let reply = try await base.reserve(claim)
                    if reply.isAdmitted { try await base.release(GuardReservation(claim: claim, time: reply.time)) }
                    return reply
                }
            }
        }

        /// Checks that a budget with the price of 20 messages admits exactly 20 messages.
        private static func checkMoney(_ place: StorePlace, _ findings: Findings) async throws {
            let sendGuard = try Self.sendGuard(Self.countingLater(place)) { policy in
                policy.rules.removeAll { $0.name.measure == .unverified }
                policy.serviceBudget = .init(money: 1_000)
                policy.prices = [.singapore: 50]
            }
            let count = try await Self.admitted(40, sendGuard) { try Self.request($0, block: $0) }
            findings.expect("the budget of money ends the messages", count == 20, count)
        }
    }
}
