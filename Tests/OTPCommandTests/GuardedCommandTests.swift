// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Tests of the commands with a guard whose ledger is in the Redis server of the demo.
@Suite(.serialized, .timeLimit(.minutes(3))) struct GuardedCommandTests {
    private static let number = "+6591234567"
    private static let other = "+6598765432"

    /// Runs a command with a guard's policy.
    private static func otp(_ demo: Demo, _ policy: String, _ arguments: String...) async throws -> Program.Run {
        var environment = demo.environment
        environment["OTP_GUARD"] = policy
        return try await Program.run(arguments, environment: environment)
    }

    @Test func budgetHoldsForAllProcesses() async throws {
        let policy = #"{"homeRegions": ["SG"], "budgets": {"service": {"messages": 1}}}"#
        try await Demo.run { demo in
            #expect(try await Self.otp(demo, policy, "issue", Self.number).status == 0)
            let refused = try await Self.otp(demo, policy, "issue", Self.other, "--json")
            #expect(refused.status == 75, "\(refused)")
            #expect(try refused.error.code == "blocked" && refused.error.retryAfter != nil, "\(refused)")
            let verbose = try await Self.otp(demo, policy, "issue", Self.other, "-v")
            #expect(verbose.errors.contains("otp.guard.rule=messages-service"), "\(verbose)")
        }
    }

    @Test func outcomesReachTheLedgerBeforeTheProcessEnds() async throws {
        let policy = #"{"rules": {"unverified-source": {"capacity": 1, "checkedCapacity": 1}}}"#
        let (source, address) = ("--source", "192.0.2.7")
        try await Demo.run { demo in
            let issued = try await Self.otp(demo, policy, "issue", Self.number, source, address)
            #expect(issued.status == 0, "\(issued)")
            #expect(try await Self.otp(demo, policy, "issue", Self.other, source, address).status == 75)
            #expect(try await Self.otp(demo, policy, "issue", "+6581234567", source, "198.51.100.1").status == 0)
            let token = try #require(issued.lines.first)
            let code = try await demo.code(Self.number)
            let verified = try await Self.otp(demo, policy, "verify", Self.number, token, code, source, address)
            #expect(verified.status == 0, "\(verified)")
            #expect(try await Self.otp(demo, policy, "issue", Self.other, source, address).status == 0)
            let third = "+6582234567"
            #expect(try await Self.otp(demo, policy, "issue", third, source, address).status == 75)
            #expect(try await Self.otp(demo, policy, "issue", third, source, address, "--known-number").status == 0)
        }
    }

    @Test func invalidPolicyAndAddressAreNamed() async throws {
        try await Demo.run { demo in
            let failed = try await Self.otp(demo, #"{"prices": {"Mars": 1}}"#, "issue", Self.number)
            #expect(failed.status == 78, "\(failed)")
            #expect(
                failed.errors.contains("OTP_GUARD, from the environment, cannot be used: prices.Mars: "),
                "\(failed)"
            )
            let source = try await demo.otp("issue", Self.number, "--source", "here")
            #expect(source.status == 64 && source.errors.contains("--source"), "\(source)")
        }
    }
}
