// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import JSONOutput
import OTP
import OTPEnvironment
import OTPRedis
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
                let events = try await withAuditStream(settings) { stream in
                    try await stream.newest(100) { $0[.decision] == id.description }
                }
                guard !events.isEmpty else {
                    throw CommandFailure(.negative, "noDecision", "the audit stream has no decision \(id)")
                }
                let reports = events.reversed().map(EventReport.init)
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
        let limits = try StoreLimits(lanes.open)
        let deviceLimits = policy.deviceLane == nil ? nil : try StoreLimits(lanes.device)
        let address = try self.source.map { text in
            guard let address = SourceAddress(text) else { throw CommandFailure.usage("SOURCE is not an IP address") }
            return address
        }
        let (records, time) = try await InspectCommand.inspect(keys.indexes(of: number), redis)
        let request = SendRequest(number: number, tenant: self.tenant, purpose: self.purpose, source: address)
        let rules = try await self.rules(request, settings)
        let reports = records.filter(\.isUsed).map { RecordReport($0, limits, device: deviceLimits, at: time) }
        return ExplainReport(
            number: number,
            time: time.date,
            limits: reports.flatMap { $0.limits ?? [] },
            deviceLimits: deviceLimits.map { _ in reports.flatMap { $0.deviceLimits ?? [] } },
            rules: rules
        )
    }

    /// Returns the states of the guard's rules.
    ///
    /// The list is empty if no guard is configured.
    private func rules(_ request: SendRequest, _ settings: OTPSettings) async throws -> [ExplainReport.Rule] {
        guard settings.value("OTP_GUARD") != nil else { return [] }
        let (time, states) = try await withGuard(settings) { try await $0.explain(request) }
        return states.map { ExplainReport.Rule($0, at: time) }
    }
}
