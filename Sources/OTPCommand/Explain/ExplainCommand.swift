// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import JSONOutput
import OTP
import OTPEnvironment
import OTPRedis
import OperatorReports
import SMSKit
import SendGuard

struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Show which limits refuse a number, or the record of a decision of the guard.",
        discussion: """
            For a number: every limit of the number and every rule of the guard, with its state, its threshold and the \
            time at which it admits a request again. For the ID of a decision: its audit events. Changes nothing.

            EXAMPLES
              otp explain '+65 9123 4567'
              otp explain '+65 9123 4567' --source 192.0.2.1 --purpose sign-in --json
              otp explain gS8Vb3aPqTOy0cZ2mXk1Lw

            ENVIRONMENT
              \(EnvironmentHelp.store)
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var sources: SourceOptions

    @Argument(help: "The phone number with its calling code, or the ID of a decision.")
    var subject: String

    @Option(help: "The address of the client, to include the rules of its network.")
    var source: String?

    @Option(help: "The tenant.")
    var tenant = "default"

    @Option(help: "The purpose.")
    var purpose = "registration"

    func run() async throws {
        try await self.common.run { output in
            let settings = try self.sources.settings()
            if let id = DecisionID(self.subject) {
                let reports = try await withAuditStream(settings) { try await EventReport.events(of: id, in: $0) }
                guard !reports.isEmpty else {
                    throw CommandFailure(.negative, "noDecision", "the audit stream has no decision \(id)")
                }
                try output.show(reports, lines: reports.map(\.text).joined(separator: "\n\n"))
            } else {
                let report = try await self.explain(try Arguments.number(self.subject, settings), settings)
                try output.show(report, lines: report.text)
            }
        }
    }

    private func explain(_ number: PhoneNumber, _ settings: OTPSettings) async throws -> ExplainReport {
        let (redis, keys) = (try settings.redis, try settings.keys)
        let policy = try settings.policy(destinations: Set(Region.all))
        let lanes = try LaneLimits(policy)
        let address = try self.source.map { text in
            guard let address = SourceAddress(text) else { throw CommandFailure.usage("SOURCE is not an IP address") }
            return address
        }
        let limits = try await withConnections(to: redis) {
            try RedisOTPStore(configuration: $0, eventLoopGroup: $1)
        } _: {
            try await $0.limits(of: keys.indexes(of: number), lanes)
        }
        let request = SendRequest(number: number, tenant: self.tenant, purpose: self.purpose, source: address)
        let hasGuard = settings.value("OTP_GUARD") != nil
        let rules = hasGuard ? try await withGuard(settings) { try await $0.explain(request) } : nil
        return ExplainReport(number, limits, hasDeviceLane: policy.deviceLane != nil, rules)
    }
}
