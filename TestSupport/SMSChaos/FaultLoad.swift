// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import AlibabaSMSEmulator
import OTPTesting

/// A run that sends many messages concurrently to a gateway with random faults.
struct FaultLoad {
    private static let concurrency = 64

    private let world: ChaosWorld
    private let repeats: Bool
    private let sends: Int
    /// The number of messages between two changes of the fault rules.
    private var sendsPerPlan: Int { max(100, self.sends / 50) }
    private let seed: UInt64

    init(_ world: ChaosWorld, repeats: Bool, sends: Int, seed: UInt64) {
        self.world = world
        self.repeats = repeats
        self.sends = sends
        self.seed = seed
    }

    /// Sends the messages, prints a summary, and returns the violations.
    func run() async throws -> [SendChecker.Violation] {
        let prefix = "load-\(self.repeats)-"
        let start = ContinuousClock.now
        let results = try await self.world.withClient(repeats: self.repeats, readTimeout: .milliseconds(400)) {
            client in
            var generator = SeededGenerator(seed: self.seed)
            var results: [ChaosSend] = []
            // Before any fault is repeated, every fault occurs once, in random order.
            var queue: [Fault] = []
            while results.count < self.sends {
                let count = Int.random(in: 3...9, using: &generator)
                if queue.count < count { queue = Self.faults(&generator).shuffled(using: &generator) + queue }
                let rules = queue.suffix(count)
                    .map { FaultRule($0, probability: Double.random(in: 0.02...0.2, using: &generator)) }
                queue.removeLast(count)
                self.world.setFaults(FaultSettings(rules, usesMagicNumbers: false, seed: generator.next()))
                let numbers = results.count..<min(results.count + self.sendsPerPlan, self.sends)
                let calls = try numbers.map { number in
                    (
                        message: try self.world.message(task: "\(prefix)\(number)"),
                        timeout: Duration.milliseconds(Int.random(in: 250...1500, using: &generator))
                    )
                }
                results += await Self.send(calls, by: client)
            }
            return results
        }
        self.world.setFaults(FaultSettings())
        let seconds = start.duration(to: .now) / .seconds(1)
        let accepted = await self.world.accepted().filter { $0.key.hasPrefix(prefix) }
        let violations = self.world.checker.violations(of: results, accepted: accepted)
        self.report(results, accepted, seconds: seconds, violations: violations)
        return violations
    }

    /// Returns one variant of each fault.
    private static func faults(_ generator: inout SeededGenerator) -> [Fault] {
        let milliseconds = Int.random(in: 1...900, using: &generator)
        var faults: [Fault] = [
            .unreachable, .hang(), .slow(by: .milliseconds(milliseconds)), .acceptThenClose, .duplicate, .undelivered(),
            .garbage(), .garbage(afterProcessing: true), .clockSkew(by: .seconds(3600)),
            .reject(code: "Throttling.User", retryAfter: .milliseconds(milliseconds)), .reject(code: "Throttling"),
        ]
        for status in [500, 502, 503, 504] {
            faults += [.http(status: status), .http(status: status, afterProcessing: true)]
        }
        for code in [
            "QPS_LIMIT_CONTROL", "ServiceUnavailable", "InternalError", "SYSTEM_ERROR", "ONLINE_BILLING_FAILED",
            "SignatureNonceUsed", "MOBILE_NUMBER_ILLEGAL", "AMOUNT_NOT_ENOUGH", "InvalidSecurityToken.Expired",
        ] {
            faults.append(.reject(code: code))
        }
        return faults
    }

    private static func send(
        _ calls: [(message: SendMessageToGlobe, timeout: Duration)],
        by client: AlibabaSMSClient
    ) async -> [ChaosSend] {
        await withTaskGroup { group in
            for worker in 0..<self.concurrency {
                group.addTask {
                    var results: [ChaosSend] = []
                    for position in stride(from: worker, to: calls.count, by: self.concurrency) {
                        let call = calls[position]
                        results.append(await ChaosSend.make(call.message, by: client, timeout: call.timeout))
                    }
                    return results
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
    }

    private func report(
        _ results: [ChaosSend],
        _ accepted: [String: [AcceptedMessage]],
        seconds: Double,
        violations: [SendChecker.Violation]
    ) {
        let outcomes = Dictionary(grouping: results, by: \.outcome.name)
        func count(_ name: String) -> Int { outcomes[name]?.count ?? 0 }
        func count(_ rule: SendChecker.Violation.Rule) -> Int { violations.count { $0.rule == rule } }
        let unknown = outcomes["unknown"] ?? []
        let latest = results.map { $0.elapsed - $0.timeout }.max() ?? .zero
        let doubled = accepted.values.count { messages in messages.count > Set(messages.map(\.requestID)).count }
        print(
            """
            \(self.repeats ? "with" : "without") repetitions: \(results.count) calls in \(Int(seconds)) s, \
            \(results.reduce(0) { $0 + $1.requests }) requests; \(count("accepted")) accepted, \
            \(count("rejected")) rejected, \(unknown.count) unknown, of which \
            \(unknown.count { accepted[$0.task] != nil }) are in the inbox; \
            latest end \(latest.inMilliseconds) after the deadline; \(doubled) delivered twice by the gateway itself
              sent twice: \(count(.sentTwice)), accepted but not in the inbox: \
            \(count(.acceptedButMissing) + count(.acceptedAsAnother)), rejected but in the inbox: \
            \(count(.rejectedButAccepted)), beyond the deadline: \(count(.late)), never sent: \(count(.neverSent))
            """
        )
    }
}
