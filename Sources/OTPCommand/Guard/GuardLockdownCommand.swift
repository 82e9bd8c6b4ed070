// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import OTPEnvironment
import OperatorReports
import SMSKit
import SendGuard

struct GuardLockdownCommand: AsyncParsableCommand {
    enum State: String, ExpressibleByArgument, CaseIterable {
        case on, off
    }

    static let configuration = CommandConfiguration(
        commandName: "lockdown",
        abstract: "Send to known devices and known numbers only.",
        discussion: """
            When the command has returned, all processes that share the Redis send only to known devices and known \
            numbers. A region and the whole service have separate lockdowns.

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
            let change = LockdownChange(region, forSeconds: self.state == .on ? seconds : nil)
            let (report, rule) = try await withGuard(settings) {
                (try await $0.apply(change), $0.lockdownRule(of: change))
            }
            if let warning = report.warning { output.note("warning: \(warning): 'otp guard set \(rule) block'") }
            await recordAction(change.event(by: NSUserName()), settings, output)
            let place = region.map { "region \($0.code)" } ?? "the service"
            let text = self.state == .on ? "lockdown of \(place) for \(seconds) s" : "no lockdown of \(place)"
            try output.show(report, lines: text)
        }
    }

    private static let defaultDuration = "24h"
}
