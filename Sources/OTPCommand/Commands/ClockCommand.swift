// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Hiredis
import JSONOutput
import OTP
import OTPEnvironment
import OTPRedis

struct ClockCommand: AsyncParsableCommand {
    private struct Report: Encodable {
        var time: Date
        var wasSetBack: Bool
        var refusesProofs: Bool
        var refusesProofsUntil: Date?
    }

    static let configuration = CommandConfiguration(
        commandName: "clock",
        abstract: "Show whether the clock of Redis was set back, and the effect on proofs from other services.",
        discussion: """
            After the clock was set back, proofs from other services are refused until the clock has passed the time from \
            which it was set back. With --accept-proofs, all processes accept them within 10 seconds. Until the clock has \
            passed that time, an old proof can then be redeemed, and a redeemed proof a second time.

            EXAMPLES
              otp clock
              otp clock --accept-proofs --json

            ENVIRONMENT
              OTP_REDIS_URL
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var sources: SourceOptions

    @Flag(help: "Accept proofs from other services again. Read Docs/Clock.md first.")
    var acceptProofs = false

    func run() async throws {
        try await self.common.run { output in
            let configuration = try self.sources.settings().redis
            let status = try await self.status(configuration)
            try output.show(
                Report(
                    time: status.time.date,
                    wasSetBack: status.wasSetBack,
                    refusesProofs: status.refusesProofs,
                    refusesProofsUntil: status.refusesProofs ? status.end?.date : nil
                ),
                lines: "\(status.time.date.rfc3339): \(status.text)"
            )
        }
    }

    private func status(_ configuration: RedisConfiguration) async throws -> ClockStatus {
        try await withConnections(to: configuration) {
            try RedisOTPStore(configuration: $0, eventLoopGroup: $1)
        } _: { store in
            if self.acceptProofs { try await store.acceptProofs() }
            return try await store.clockStatus()
        }
    }
}

extension ClockStatus {
    /// The status as text.
    var text: String {
        guard self.wasSetBack else { return "no jump back was found" }
        let effect =
            !self.refusesProofs
            ? "are accepted" : self.end.map { "are refused until \($0.date.rfc3339)" } ?? "are refused"
        return "the clock was set back; proofs from other services \(effect)"
    }
}
