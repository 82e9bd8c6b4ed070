// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A program that injects faults into servers under load, and checks the history of calls.
///
/// No code may be accepted twice, and no limit may be exceeded. The arguments are the topology (`standalone`, `sentinel`,
/// `cluster` or `all`), the number of seconds for each topology, and the seed. The exit status is 1 after a violation.
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
            print("no topology \(arguments[1]): use standalone, sentinel, cluster or all")
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
                // An incomplete run proves nothing, so it counts as failed.
                print("\(name): aborted without a result: \(error)")
                exit(69)
            }
            // The output is flushed, because a later topology may crash the process.
            fflush(nil)
        }
        exit(isSound ? 0 : 1)
    }
}
