import AlibabaSMS
import AlibabaSMSEmulator
import AsyncHTTPClient
import SMSKit

/// What the client makes of each fault alone, as a table in Markdown.
struct FaultTable {
    /// A fault of the gateway, and how it is called.
    private struct Entry {
        var name: String
        var rules: [FaultRule]
        /// Where the client sends to, if not to the emulator.
        var endpoint: String?
    }

    private static let timeout = Duration.seconds(2)

    /// Each fault that the emulator knows, in the ways in which it can differ for a client.
    private static let entries: [Entry] = [
        Entry(name: "none", rules: []),
        // Nobody who is not the superuser can listen there, and nobody does.
        Entry(name: "nobody listens", rules: [], endpoint: "http://127.0.0.1:1"),
        Entry(name: "connection reset, once", rules: [FaultRule(.unreachable, count: 1)]),
        Entry(name: "connection reset, always", rules: [FaultRule(.unreachable)]),
        Entry(name: "no answer", rules: [FaultRule(.hang())]),
        Entry(name: "no answer, once", rules: [FaultRule(.hang(), count: 1)]),
        Entry(name: "answered late, within the time", rules: [FaultRule(.slow(by: .milliseconds(300)))]),
        Entry(name: "taken, answered too late", rules: [FaultRule(.slow(by: .seconds(5)))]),
        Entry(name: "taken, connection closed", rules: [FaultRule(.acceptThenClose)]),
        Entry(name: "taken, connection closed, once", rules: [FaultRule(.acceptThenClose, count: 1)]),
        Entry(name: "delivered twice", rules: [FaultRule(.duplicate)]),
        Entry(name: "taken, not delivered", rules: [FaultRule(.undelivered())]),
        Entry(name: "reported on late", rules: [FaultRule(.reportDelay(by: .seconds(60)))]),
        Entry(name: "HTTP 500 by a proxy", rules: [FaultRule(.http(status: 500))]),
        Entry(name: "HTTP 502 by a proxy", rules: [FaultRule(.http(status: 502))]),
        Entry(name: "HTTP 503 by a proxy", rules: [FaultRule(.http(status: 503))]),
        Entry(name: "HTTP 504 by a proxy", rules: [FaultRule(.http(status: 504))]),
        Entry(name: "taken, HTTP 502 by a proxy", rules: [FaultRule(.http(status: 502, afterProcessing: true))]),
        Entry(name: "HTTP 200, no JSON", rules: [FaultRule(.garbage())]),
        Entry(name: "taken, HTTP 200, no JSON", rules: [FaultRule(.garbage(afterProcessing: true))]),
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

    /// Sends one message through each fault, with and without repetitions, and prints what came of it.
    ///
    /// - Returns: What must not be.
    func run() async throws -> [SendChecker.Violation] {
        var violations: [SendChecker.Violation] = []
        print(
            "| what the gateway does | client reports | requests | time | taken | with repetitions | requests | time | taken |"
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
                let taken = await self.world.taken()[task] ?? []
                violations += self.world.checker.violations(of: [send], taken: [task: taken])
                let code = send.outcome.code.map { ", `\($0)`" } ?? ""
                cells += [
                    send.outcome.name + code, "\(send.requests)", send.elapsed.inMilliseconds, "\(taken.count)",
                ]
            }
            print("| \(entry.name) | \(cells.joined(separator: " | ")) |")
        }
        self.world.setFaults(FaultSettings())
        print("each call may take \(Self.timeout.inMilliseconds), each request 1 s")
        return violations
    }
}
