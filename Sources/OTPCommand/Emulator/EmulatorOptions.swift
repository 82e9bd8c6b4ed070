// SPDX-License-Identifier: Apache-2.0

import AlibabaSMSEmulator
import ArgumentParser
import Foundation
import OTPEnvironment
import TextFormats

/// The options that configure the emulated gateway.
struct EmulatorOptions: ParsableArguments {
    @Flag(help: "Accept every request, even without a signature.")
    var acceptAny = false

    @Option(
        help: ArgumentHelp(
            "A file with users, policies, roles, templates, signatures and prices, as JSON; see Docs/Emulator.md.",
            valueName: "file"
        )
    )
    var account: String?

    @Option(help: ArgumentHelp("The balance of the account. Messages beyond it are refused.", valueName: "amount"))
    var balance: String?

    @Option(
        name: .customLong("sender-id"),
        help: ArgumentHelp("An approved sender ID; may be repeated. Default: all are approved.", valueName: "id")
    )
    var senderIDs: [String] = []

    @Option(help: ArgumentHelp("The requests per second of an action; may be repeated.", valueName: "action=number"))
    var qps: [String] = []

    @Option(help: ArgumentHelp("The messages per number and day (UTC+8). Default: no limit.", valueName: "number"))
    var dailyLimit: Int?

    @Option(
        name: .customLong("report-url"),
        help: ArgumentHelp("The URL on this machine that receives delivery reports.", valueName: "url")
    )
    var reportURL: String?

    @Option(help: ArgumentHelp("A JSON file with faults.", valueName: "file"))
    var faults: String?

    /// Returns the configuration of the emulator for these options.
    func configuration() throws(CommandFailure) -> SMSGatewayEmulator.Configuration {
        var configuration = SMSGatewayEmulator.Configuration()
        if let path = self.account {
            try Self.file(of: "--account", at: path) { try AccountFile(json: $0) }.apply(to: &configuration)
        }
        configuration.gateway.acceptsAnyRequest = self.acceptAny
        // These options take precedence over the values in the file.
        if let balance = self.balance { configuration.account.balanceMicros = try Self.micros(balance) }
        if !self.senderIDs.isEmpty { configuration.account.senderIDs = self.senderIDs }
        configuration.account.requestsPerSecond.merge(try self.rates()) { $1 }
        if let limit = self.dailyLimit {
            guard limit >= 0 else { throw .usage("--daily-limit is 0 or more") }
            configuration.account.messagesPerNumberAndDay = limit
        }
        configuration.reports = self.reportURL.map { DeliveryReportSettings(url: $0) }
        if let path = self.faults {
            configuration.faults = try Self.file(of: "--faults", at: path) { try FaultSettings(json: $0) }
        }
        return configuration
    }

    private func rates() throws(CommandFailure) -> [String: Int] {
        var rates: [String: Int] = [:]
        for text in self.qps {
            let parts = text.split(separator: "=", omittingEmptySubsequences: false)
            guard
                parts.count == 2, SMSGatewayEmulator.actions.contains(String(parts[0])), let rate = Int(parts[1]),
                rate >= 0
            else {
                let actions = SMSGatewayEmulator.actions.joined(separator: ", ")
                throw .usage("--qps is ACTION=NUMBER, and ACTION one of \(actions)")
            }
            rates[String(parts[0])] = rate
        }
        return rates
    }

    private static func micros(_ text: String) throws(CommandFailure) -> Int {
        guard let amount = Double(decimal: text), amount <= 1e12 else {
            throw .usage("--balance is an amount such as 1.50")
        }
        return Int((amount * 1_000_000).rounded())
    }

    /// Reads and parses the file that an option names.
    private static func file<Content>(
        of option: String,
        at path: String,
        _ parse: (Data) throws -> Content
    ) throws(CommandFailure) -> Content {
        guard let json = SmallFile.content(atPath: path) else {
            throw .usage("the file of \(option) cannot be read, or is larger than 1 MiB")
        }
        do {
            return try parse(json)
        } catch {
            throw .usage("the file of \(option) is invalid: \(error)")
        }
    }
}
