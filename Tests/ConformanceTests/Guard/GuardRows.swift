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
        private static func gate(
            _ place: StorePlace,
            _ ledger: any SendLedger,
            _ change: (inout GuardPolicy) -> Void = { _ in }
        ) async throws -> GuardDoor {
            var policy = GuardPolicy(homeRegions: [.singapore], serviceBudget: .init(messages: 1_000_000))
            policy.tenantBudget = .init(messages: 1_000_000)
            change(&policy)
            let sendGuard = try SMSGuard(
                policy: policy,
                ledger: ledger,
                hash: try KeyRing.test().scopeHash,
                reportInterval: nil
            )
            return try await GuardDoor(sendGuard, place)
        }

        /// Returns a number of a block.
        private static func number(_ number: Int, block: Int = 0) throws -> PhoneNumber {
            try PhoneNumber("+659\(100 + block)\(String(10_000 + number).dropFirst())")
        }

        /// Returns an address of a separate network.
        private static func address(_ number: Int) -> String { "10.\(number / 256 % 256).\(number % 256).1" }

        /// Requests one message for each of several numbers, and returns the number of sent messages.
        ///
        /// - Parameters:
        ///   - numbers: The positions of the numbers.
        ///   - gate: The guard.
        ///   - block: The block of the first number.
        ///   - addresses: Returns the address from which the message for a number is requested; by default an address of a
        ///     separate network.
        /// - Returns: The number of sent messages.
        /// - Throws: An error of the guard.
        private static func sends(
            _ numbers: Range<Int>,
            _ gate: GuardDoor,
            block: (Int) -> Int,
            from addresses: (Int) -> String? = { Self.address($0) }
        ) async throws -> Int {
            var sent = 0
            for number in numbers {
                let recipient = try Self.number(number, block: block(number))
                if try await gate.admit(recipient, from: addresses(number)) != nil { sent += 1 }
            }
            return sent
        }

        @Test(
            "CT-09: if one code is quickly tried for many numbers, the guard refuses new messages after at most 250 attempts",
            arguments: Trial.onStoresAndDoors
        )
        func ct09(trial: Trial) async throws {
            try await trial.run(
                mutant: "a ledger that does not record failed attempts",
                fails: "the guard refuses new codes within 250 wrong attempts"
            ) { findings in
                try await trial.withPlace { place in
                    let ledger = place.alteredLedger { $0.records = { $0.kind != .failed } }
                    let gate = try await Self.gate(place, ledger)
                    var attempts = 0
                    for number in 0..<251 {
                        // The attacker has one message and one guess for each number.
                        let recipient = try Self.number(number, block: number % 100)
                        guard let send = try await gate.admit(recipient, from: Self.address(number)) else { break }
                        try await gate.record(.failed, of: send)
                        attempts += 1
                    }
                    findings.expect(
                        "the guard refuses new codes within 250 wrong attempts",
                        attempts <= 250,
                        attempts
                    )
                }
                guard !trial.isMutant else { return }
                let refused = try await trial.withPlace { place in
                    // HTTP requests take longer.
                    let users = trial.door == .http ? 100 : 600
                    return try await Self.refused(users, try await Self.gate(place, place.ledger))
                }
                findings.expect("honest users are not refused", refused == 0, refused)
            }
        }

        /// Simulates the sign-ins of users, and returns the number of sign-ins that the guard refuses.
        private static func refused(_ users: Int, _ gate: GuardDoor) async throws -> Int {
            var refused = 0
            for number in 0..<users {
                let user = try Self.number(number, block: number % 100)
                guard let send = try await gate.admit(user, from: Self.address(number)) else {
                    refused += 1
                    continue
                }
                // Of the users, 15 % type a wrong code first.
                if number % 20 < 3 { try await gate.record(.failed, of: send) }
                try await gate.record(.verified, of: send)
            }
            return refused
        }

        @Test(
            "CT-19: all requests without a client address share the limits of one address",
            arguments: Trial.onStoresAndDoors
        )
        func ct19(trial: Trial) async throws {
            try await trial.run(
                mutant: "a guard that applies no limits per address to requests without a client address",
                fails: "requests without an address are limited like one address"
            ) { findings in
                try await trial.withPlace { place in
                    func sends(_ numbers: Range<Int>, _ ledger: any SendLedger, from source: String?) async throws
                        -> Int
                    {
                        let gate = try await Self.gate(place, ledger)
                        return try await Self.sends(numbers, gate, block: { 300 + $0 }, from: { _ in source })
                    }
                    let ledger = place.alteredLedger { $0.claim = { $0.origin = [] } }
                    let missing = try await sends(0..<60, ledger, from: nil)
                    findings.expect(
                        "requests without an address are limited like one address",
                        (1...40).contains(missing),
                        missing
                    )
                    let address = try await sends(60..<120, place.ledger, from: "192.0.2.1")
                    findings.expect("an address is limited", (1...40).contains(address), address)
                }
            }
        }

        @Test(
            "T12: all spellings of a client address share the same limits, and each IPv6 /64 network counts as one address",
            arguments: Trial.onStoresAndDoors
        )
        func t12(trial: Trial) async throws {
            try await trial.run(
                mutant: "a guard that counts each spelling of an address and each address of a /64 network separately",
                fails: "forms of an IPv4 address share one limit",
                "addresses of one /64 network share one limit"
            ) { findings in
                try await trial.withPlace { place in
                    func source(_ text: String, _ number: Int) -> String {
                        // A source for each text.
                        trial.isMutant ? "10.\(text.utf8.count).\(number).1" : text
                    }
                    let mapped = ["192.0.2.1", "::ffff:192.0.2.1", "::FFFF:c000:201", "0:0:0:0:0:ffff:192.0.2.1"]
                    let gate = try await Self.gate(place, place.ledger)
                    let first = try await Self.sends(0..<60, gate, block: { 300 + $0 }) {
                        source(mapped[$0 % 4], $0)
                    }
                    findings.expect("forms of an IPv4 address share one limit", (1...40).contains(first), first)
                    let second = try await Self.sends(100..<160, gate, block: { 300 + $0 }) {
                        source("2001:db8:1:2::\(String($0, radix: 16))", $0)
                    }
                    findings.expect("addresses of one /64 network share one limit", (1...40).contains(second), second)
                    for text in ["192.0.2.1, 10.0.0.1", "192.0.2.1:80", "[::1]", " 192.0.2.1", "192.0.2.01", "unknown"]
                    {
                        let outcome = try await gate.outcome(of: try Self.number(0, block: 500), from: text)
                        findings.expect("a text that is not one address is refused", outcome == .malformedAddress, text)
                    }
                }
            }
        }

        @Test(
            "T14: if 10,000 client addresses request messages to 10,000 numbers of one block, at most 30 messages are sent",
            arguments: Trial.onStoresAndDoors
        )
        func t14(trial: Trial) async throws {
            try await trial.run(
                mutant: "a guard whose only limits are per client address",
                fails: "at most 30 messages are sent"
            ) { findings in
                try await trial.withPlace { place in
                    let ledger = place.alteredLedger { $0.claim = { $0.shared = [$0.shared[0]] } }
                    let gate = try await Self.gate(place, ledger)
                    // The mutant needs fewer messages, because none is refused. HTTP requests take longer.
                    let total = trial.door == .http ? 300 : trial.isMutant ? 1_000 : 10_000
                    let count = try await withThrowingTaskGroup(of: Int.self) { group in
                        for part in 0..<20 {
                            group.addTask {
                                try await Self.sends(
                                    total * part / 20..<total * (part + 1) / 20,
                                    gate,
                                    block: { _ in 0 }
                                )
                            }
                        }
                        return try await group.reduce(0, +)
                    }
                    findings.expect("at most 30 messages are sent", (1...30).contains(count), count)
                }
            }
        }

        @Test(
            "CT-22: if the budget has room for only one more message, 200 concurrent requests send only one message",
            arguments: Trial.onStoresAndDoors
        )
        func ct22(trial: Trial) async throws {
            try await trial.run(
                mutant: "a ledger that checks the budget, but does not count the admitted messages",
                fails: "one message of the budget is sent",
                "the budget of money ends the messages"
            ) { findings in
                try await trial.withPlace { place in
                    let gate = try await Self.gate(place, Self.forgettingSends(place)) { policy in
                        policy.rules.removeAll { $0.name.measure == .unverified }
                        policy.serviceBudget.messages = 10
                    }
                    _ = try await Self.sends(0..<9, gate, block: { $0 })
                    let count = try await withThrowingTaskGroup(of: Int.self) { group in
                        for number in 0..<trial.door.callers(200) {
                            group.addTask {
                                try await Self.sends(number..<number + 1, gate, block: { 100 + $0 % 100 })
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
        private static func forgettingSends(_ place: StorePlace) -> any SendLedger {
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
            let gate = try await Self.gate(place, Self.forgettingSends(place)) { policy in
                policy.rules.removeAll { $0.name.measure == .unverified }
                policy.serviceBudget = .init(money: 1_000)
                policy.prices = [.singapore: 50]
            }
            let count = try await Self.sends(0..<40, gate, block: { $0 })
            findings.expect("the budget of money ends the messages", count == 20, count)
        }
    }
}
