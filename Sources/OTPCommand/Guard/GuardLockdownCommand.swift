// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import JSONOutput
import OTPEnvironment
import SMSKit
import SendGuard

struct GuardLockdownCommand: AsyncParsableCommand {
    enum State: String, ExpressibleByArgument, CaseIterable {
        case on, off
    }

    private struct Report: Encodable {
        var lockdown: String
        /// The region of the lockdown; `nil` for the whole service.
        var region: String?
        var seconds: Int?
    }

    static let configuration = CommandConfiguration(
        commandName: "lockdown",
        abstract: "Send to known devices and known numbers only.",
        discussion: """
            When the command has returned, no process that shares the Redis admits another send. A region and the whole \
            service have separate lockdowns.

            EXAMPLES
              otp guard lockdown on
              otp guard lockdown on --region SG --for 2h
              otp guard lockdown off --region SG

            ENVIRONMENT
              \(EnvironmentHelp.sendGuard)
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var sources: SourceOptions

    @Argument(help: "on or off.")
    var state: State

    @Option(help: "A region, such as SG. Without it, the whole service is locked down.")
    var region: String?

    @Option(name: .customLong("for"), help: "The duration, such as 90s, 30m, 2h or 7d, at most 365d.")
    var duration: String?

    func run() async throws {
        try await self.common.run { output in
            let region = try self.region.map { text throws(CommandFailure) in
                guard let region = Region(text) else { throw .usage("--region is not a region such as SG") }
                return region
            }
            guard self.state == .on || self.duration == nil else {
                throw CommandFailure.usage("--for is only used with 'on'")
            }
            let settings = try self.sources.settings()
            let seconds = try DurationText.seconds(self.duration ?? Self.defaultDuration)
            let warning = try await withGuard(settings) { sendGuard in
                guard self.state == .on else {
                    try await sendGuard.endLockdown(region)
                    return String?.none
                }
                try await sendGuard.lockDown(region, forSeconds: seconds)
                return try await Self.warning(sendGuard, region)
            }
            if let warning { output.note(warning) }
            var event = AuditEvent(.lockdown, at: Date(), [.outcome: self.state.rawValue])
            event[.region] = region?.code
            event[.wait] = self.state == .on ? String(seconds) : nil
            await recordAction(event, by: nil, settings, output)
            let place = region.map { "region \($0.code)" } ?? "the service"
            let text = self.state == .on ? "lockdown of \(place) for \(seconds) s" : "no lockdown of \(place)"
            let report = Report(
                lockdown: self.state.rawValue,
                region: region?.code,
                seconds: self.state == .on ? seconds : nil
            )
            try output.show(report, lines: text)
        }
    }

    private static let defaultDuration = "24h"

    /// Returns a warning if the mode of the rule makes the lockdown ineffective.
    private static func warning(_ sendGuard: SMSGuard, _ region: Region?) async throws -> String? {
        try await sendGuard.refreshModes()
        let policy = sendGuard.policy
        let scope: GuardScope = region.map { policy.homeRegions.contains($0) ? .homeRegion : .region } ?? .service
        let rule = GuardRule.Name(.lockdown, scope)
        guard let mode = policy[rule]?.mode, mode > .monitor else {
            return
                "warning: \(rule) is \(policy[rule]?.mode ?? .off), so it refuses no send: 'otp guard set \(rule) block'"
        }
        return nil
    }
}
