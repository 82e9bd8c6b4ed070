// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Hiredis
import JSONOutput
import OTP
import OTPEnvironment
import OTPRedis
import SMSKit

struct InspectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show the record of a number: its limits, sends, failed attempts and challenges.",
        discussion: """
            Changes nothing, and prints neither codes nor tokens. Usage is shown next to the default limits. With
            OTP_DEVICE_LANE=on, it is also shown next to the limits of known devices.

            EXAMPLES
              otp inspect '+65 9123 4567'
              otp inspect +447700900123 --json

            ENVIRONMENT
              \(EnvironmentHelp.store)
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var sources: SourceOptions

    @OptionGroup var number: NumberArgument

    func run() async throws {
        try await self.common.run { output in
            let settings = try self.sources.settings()
            let number = try self.number.phoneNumber(settings)
            let (redis, keys) = (try settings.redis, try settings.keys)
            let policy = try settings.policy(destinations: Set(Region.all))
            let lanes = try LaneLimits(policy)
            let limits = try StoreLimits(lanes.open)
            let deviceLimits = policy.deviceLane == nil ? nil : try StoreLimits(lanes.device)
            let (records, time) = try await Self.inspect(keys.indexes(of: number), redis)
            guard !records.isEmpty else {
                throw CommandFailure(.negative, "noRecord", "nothing is stored for \(number)")
            }
            let reports = records.map { RecordReport($0, limits, device: deviceLimits, at: time) }
            let document = NumberReport(to: number.description, time: time.date, records: reports)
            let texts = records.map { $0.text(limits, device: deviceLimits, at: time) }
            try output.show(document, lines: (["\(number) at \(time.date.rfc3339)"] + texts).joined(separator: "\n\n"))
        }
    }

    /// Reads all records of a phone number from the store.
    static func inspect(
        _ indexes: PhoneNumberIndexes,
        _ configuration: RedisConfiguration
    ) async throws -> (records: [StoredRecord], time: StoreTime) {
        try await withConnections(to: configuration) {
            try RedisOTPStore(configuration: $0, eventLoopGroup: $1)
        } _: {
            try await $0.inspect(indexes)
        }
    }
}
