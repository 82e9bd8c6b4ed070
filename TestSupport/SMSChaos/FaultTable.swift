// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import AlibabaSMSEmulator
import AsyncHTTPClient
import SMSKit

/// A Markdown table with the client's reaction to each fault.
struct FaultTable {
    /// A fault of the gateway and its name.
    private struct Entry {
        var name: String
        var rules: [FaultRule]
        /// The endpoint of the client; `nil` for the emulator.
        var endpoint: String?
    }

    private static let timeout = Duration.seconds(2)

    /// All faults of the emulator, in every variant that is different for a client.
    private static let entries: [Entry] = [
        Entry(name: "none", rules: []),
        // No server listens on this privileged port.
        Entry(name: "closed port", rules: [], endpoint: "http://127.0.0.1:1"),
        Entry(name: "connection reset, once", rules: [FaultRule(.unreachable, count: 1)]),
        Entry(name: "connection reset, always", rules: [FaultRule(.unreachable)]),
        Entry(name: "no response", rules: [FaultRule(.hang())]),
        Entry(name: "no response, once", rules: [FaultRule(.hang(), count: 1)]),
        Entry(name: "late response, within the timeout", rules: [FaultRule(.slow(by: .milliseconds(300)))]),
        Entry(name: "accepted, response after the timeout", rules: [FaultRule(.slow(by: .seconds(5)))]),
        Entry(name: "accepted, connection closed", rules: [FaultRule(.acceptThenClose)]),
        Entry(name: "accepted, connection closed, once", rules: [FaultRule(.acceptThenClose, count: 1)]),
        Entry(name: "delivered twice", rules: [FaultRule(.duplicate)]),
        Entry(name: "accepted, not delivered", rules: [FaultRule(.undelivered())]),
        Entry(name: "late delivery report", rules: [FaultRule(.reportDelay(by: .seconds(60)))]),
        Entry(name: "HTTP 500 by a proxy", rules: [FaultRule(.http(status: 500))]),
        Entry(name: "HTTP 502 by a proxy", rules: [FaultRule(.http(status: 502))]),
        Entry(name: "HTTP 503 by a proxy", rules: [FaultRule(.http(status: 503))]),
        Entry(name: "HTTP 504 by a proxy", rules: [FaultRule(.http(status: 504))]),
        Entry(name: "accepted, HTTP 502 by a proxy", rules: [FaultRule(.http(status: 502, afterProcessing: true))]),
        Entry(name: "HTTP 200, no JSON", rules: [FaultRule(.garbage())]),
        Entry(name: "accepted, HTTP 200, no JSON", rules: [FaultRule(.garbage(afterProcessing: true))]),
        Entry(name: "clock an hour off", rules: [FaultRule(.clockSkew(by: .seconds(3600)))]),
        Self.refusal("Throttling.User", retryAfter: .milliseconds(100), count: 1),
        Self.refusal("Throttling.User", retryAfter: .milliseconds(100)),
        Self.refusal("QPS_LIMIT_CONTROL"),
        Self.refusal("ServiceUnavailable"),
        Self.refusal("InternalError"),
        Self.refusal("SYSTEM_ERROR"),
        Self.refusal("isp.SYSTEM_ERROR"),
        Self.refusal("SignatureNonceUsed"),
        Self.refusal("InvalidSecurityToken.Expired"),
        Self.refusal("MOBILE_NUMBER_ILLEGAL"),
        Self.refusal("AMOUNT_NOT_ENOUGH"),
        Self.refusal("ALERT_LIMIT_DAY"),
        Self.refusal("NO_SUCH_CODE_YET"),
    ]

    private static func refusal(_ code: String, retryAfter: Duration? = nil, count: Int? = nil) -> Entry {
        Entry(
            name: "`\(code)`\(count == 1 ? ", once" : "")",
            rules: [FaultRule(.reject(code: code, retryAfter: retryAfter), count: count)]
        )
    }

    private let world: ChaosWorld

    init(_ world: ChaosWorld) {
        self.world = world
    }

    /// Sends a message with each fault, with and without retries, and prints the outcomes.
    ///
    /// - Returns: The violations.
    func run() async throws -> [SendChecker.Violation] {
        var violations: [SendChecker.Violation] = []
        print(
            "| fault | outcome | requests | time | accepted | with repetitions | requests | time | accepted |"
        )
        print("|---|---|---|---|---|---|---|---|---|")
        for (number, entry) in Self.entries.enumerated() {
            var cells: [String] = []
            for repeats in [false, true] {
                self.world.setFaults(FaultSettings(entry.rules, usesMagicNumbers: false, seed: 0))
                let task = "table-\(number)-\(repeats)"
                let message = try self.world.message(task: task)
                let send = try await self.world.withClient(repeats: repeats, endpoint: entry.endpoint) { client in
                    await ChaosSend.make(message, by: client, timeout: Self.timeout)
                }
                let accepted = await self.world.accepted()[task] ?? []
                violations += self.world.checker.violations(of: [send], accepted: [task: accepted])
                let code = send.outcome.code.map { ", `\($0)`" } ?? ""
                cells += [
                    send.outcome.name + code, "\(send.requests)", send.elapsed.inMilliseconds, "\(accepted.count)",
                ]
            }
            print("| \(entry.name) | \(cells.joined(separator: " | ")) |")
        }
        self.world.setFaults(FaultSettings())
        print("timeout of a call: \(Self.timeout.inMilliseconds), of a request: 1 s")
        return violations
    }
}
