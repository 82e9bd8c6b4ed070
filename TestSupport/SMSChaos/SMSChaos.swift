// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A program that sends messages to a gateway with every fault, and compares the client's outcomes with the inbox.
///
/// The arguments are the number of messages and the seed. The exit status is 1 after a violation.
@main struct SMSChaos {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3, let sends = Int(arguments[1]), let seed = UInt64(arguments[2]), sends > 0 else {
            print("usage: SMSChaos SENDS SEED")
            exit(64)
        }
        print("seed \(seed)")
        // The inbox has space for all messages, even if each message is duplicated.
        let violations = try await ChaosWorld.run(capacity: 8 * sends + 1000) { world in
            var violations = try await FaultTable(world).run()
            for repeats in [false, true] {
                violations += try await FaultLoad(world, repeats: repeats, sends: sends, seed: seed).run()
            }
            return violations
        }
        for violation in violations.prefix(20) { print("  VIOLATION: \(violation)") }
        exit(violations.isEmpty ? 0 : 1)
    }
}
