import AlibabaSMSEmulator
import ArgumentParser
import Foundation

/// What the emulated gateway is to be like.
struct EmulatorOptions: ParsableArguments {
    @Flag(help: "Take every request, signed or not: for a first try by hand.")
    var acceptAny = false

    @Option(
        help: ArgumentHelp(
            "A file with users, policies, roles, templates, signatures and prices, as JSON; see Docs/Emulator.md.",
            valueName: "file"
        )
    )
    var account: String?

    @Option(help: ArgumentHelp("What the account has; a message too many is refused.", valueName: "amount"))
    var balance: String?

    @Option(
        name: .customLong("sender-id"),
        help: ArgumentHelp("A sender ID that is approved; may be repeated. Without, all are.", valueName: "id")
    )
    var senderIDs: [String] = []

    @Option(help: ArgumentHelp("How many requests a second are taken; may be repeated.", valueName: "action=number"))
    var qps: [String] = []

    @Option(help: ArgumentHelp("How many messages a number gets in a day (UTC+8). Without, any.", valueName: "number"))
    var dailyLimit: Int?

    @Option(
        name: .customLong("report-url"),
        help: ArgumentHelp("Where delivery reports are pushed; on this machine.", valueName: "url")
    )
    var reportURL: String?

    @Option(help: ArgumentHelp("A file with what goes wrong, as JSON.", valueName: "file"))
    var faults: String?

    /// The configuration that the options ask for.
    func configuration() throws(CommandFailure) -> SMSGatewayEmulator.Configuration {
        var configuration = SMSGatewayEmulator.Configuration()
        if let path = self.account { try Self.account(path).apply(to: &configuration) }
        configuration.gateway.acceptsAnyRequest = self.acceptAny
        // An option counts more than the file.
        if let balance = self.balance { configuration.account.balanceMicros = try Self.micros(balance) }
        if !self.senderIDs.isEmpty { configuration.account.senderIDs = self.senderIDs }
        configuration.account.requestsPerSecond.merge(try self.rates()) { $1 }
        if let limit = self.dailyLimit {
            guard limit >= 0 else { throw .usage("--daily-limit is 0 or more") }
            configuration.account.messagesPerNumberAndDay = limit
        }
        configuration.reports = self.reportURL.map { DeliveryReportSettings(url: $0) }
        if let path = self.faults { configuration.faults = try Self.faults(path) }
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
        let isDecimal = text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
        guard isDecimal, let amount = Double(text), amount <= 1e12 else {
            throw .usage("--balance is an amount such as 1.50")
        }
        return Int((amount * 1_000_000).rounded())
    }

    private static func account(_ path: String) throws(CommandFailure) -> AccountFile {
        guard let json = FileManager.default.contents(atPath: path) else {
            throw .usage("the file of --account cannot be read")
        }
        do {
            return try AccountFile(json: json)
        } catch {
            throw .usage("the file of --account cannot be used: \(error)")
        }
    }

    private static func faults(_ path: String) throws(CommandFailure) -> FaultSettings {
        guard let json = FileManager.default.contents(atPath: path) else {
            throw .usage("the file of --faults cannot be read")
        }
        do {
            return try FaultSettings(json: json)
        } catch {
            throw .usage("the file of --faults cannot be used: \(error)")
        }
    }
}
