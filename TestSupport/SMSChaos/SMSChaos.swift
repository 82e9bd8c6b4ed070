import Foundation

/// Sends messages through a gateway that fails in every way it can, and proves from its inbox that the client told the truth.
///
/// Arguments: the number of messages, the seed. It ends with 1 if a rule was broken.
@main struct SMSChaos {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3, let sends = Int(arguments[1]), let seed = UInt64(arguments[2]), sends > 0 else {
            print("usage: SMSChaos SENDS SEED")
            exit(64)
        }
        print("seed \(seed)")
        // Room for every message that could come, were all of them doubled.
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
