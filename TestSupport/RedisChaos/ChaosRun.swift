// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTPTesting

/// A run that injects faults into servers under load, and checks the history of calls.
struct ChaosRun {
    let deployment: ChaosDeployment
    let duration: Duration
    let seed: UInt64
    private let workers = 12

    init(_ deployment: ChaosDeployment, for duration: Duration, seed: UInt64) {
        self.deployment = deployment
        self.duration = duration
        self.seed = seed
    }

    /// Runs the load and prints a summary.
    ///
    /// - Returns: `true` if the history contains no violation.
    func run() async throws -> Bool {
        let load = try ChaosLoad(self.deployment.configuration)
        let faults = try await self.disturb(load)
        let recovery = await self.recover(load)
        await load.shutdown()

        // The maximum wait is the timeout of two commands, plus a margin for a busy machine. The second command is needed if a
        // server has lost the script.
        var checker = ChaosChecker(longestWait: ChaosLoad.commandTimeout * 2 + .seconds(3))
        checker.mayUndo = self.deployment.failsOver
        let history = load.history.operations
        let violations = checker.violations(of: history, messages: load.messages)
        let summary = ChaosSummary(of: history)
        let inflicted = faults.sorted { $0.key < $1.key }.map { "\($0.value) × \($0.key)" }.joined(separator: ", ")
        print(
            """
            \(self.deployment.name): \(summary.operations) operations (\(summary.accepted) codes accepted), \
            \(faults.values.reduce(0, +)) faults (\(inflicted)), \(summary.unknown) unknown outcomes, \
            \(summary.rejected) rejected while the store was unreachable, longest unavailability \
            \(summary.longestUnavailability.inSeconds), longest wait \
            \(summary.longestWait.inSeconds), \
            recovered in \(recovery?.inSeconds ?? "never"), \(violations.count) violations, seed \(self.seed)
            """
        )
        if let slowest = summary.slowest { print("  slowest: \(slowest)") }
        for violation in violations.prefix(10) { print("  VIOLATION: \(violation)") }
        guard let recovery, recovery <= self.deployment.longestRecovery else {
            print("  VIOLATION: the service did not recover within \(self.deployment.longestRecovery.inSeconds)")
            return false
        }
        return violations.isEmpty
    }

    /// Runs the load, and injects one fault after another.
    ///
    /// - Returns: The number of injections of each fault.
    private func disturb(_ load: ChaosLoad) async throws -> [String: Int] {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<self.workers {
                group.addTask { await load.work(until: self.duration, seed: self.seed &+ UInt64(worker) &+ 1) }
            }
            var generator = SeededGenerator(seed: self.seed)
            var faults: [String: Int] = [:]
            // Before any fault is repeated, all faults are injected once, in random order.
            var queue: [ChaosDeployment.Fault] = []
            while load.history.now < self.duration - .seconds(1) {
                try await ChaosDeployment.sleep(100...900, &generator)
                if queue.isEmpty { queue = self.deployment.faults.shuffled(using: &generator) }
                let fault = queue.removeLast()
                try await fault.inflict(&generator)
                faults[fault.name, default: 0] += 1
            }
            try await group.waitForAll()
            return faults
        }
    }

    /// Returns the time until a code can be sent and verified; `nil` after 30 seconds.
    private func recover(_ load: ChaosLoad) async -> Duration? {
        let start = load.history.now
        while load.history.now - start < .seconds(30) {
            if await load.works() { return load.history.now - start }
            try? await Task.sleep(for: .milliseconds(10))
        }
        return nil
    }
}
