import Foundation

/// Runs a load on servers that fail all the time, and proves from its history that nothing was opened.
///
/// Arguments: the topology (`standalone`, `sentinel`, `cluster` or `all`), the seconds for each, the seed. It ends with 1
/// if a rule was broken.
@main struct RedisChaos {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4, let seconds = Int(arguments[2]), let seed = UInt64(arguments[3]) else {
            print("usage: RedisChaos TOPOLOGY SECONDS SEED")
            exit(64)
        }
        let topologies: [(String, ((ChaosDeployment) async throws -> Bool) async throws -> Bool)] = [
            ("standalone", ChaosDeployment.withStandalone),
            ("sentinel", ChaosDeployment.withSentinel),
            ("cluster", ChaosDeployment.withCluster),
        ]
        let chosen = topologies.filter { arguments[1] == "all" || arguments[1] == $0.0 }
        guard !chosen.isEmpty else {
            print("there is no topology \(arguments[1])")
            exit(64)
        }
        var isSound = true
        for (name, with) in chosen {
            do {
                let held = try await with { deployment in
                    try await ChaosRun(deployment, for: .seconds(seconds), seed: seed).run()
                }
                isSound = isSound && held
            } catch {
                // Without all faults and their end nothing is shown, neither good nor bad.
                print("\(name): broken off, nothing is proved: \(error)")
                exit(69)
            }
            // What was found so far is not to be lost with what comes.
            fflush(nil)
        }
        exit(isSound ? 0 : 1)
    }
}
