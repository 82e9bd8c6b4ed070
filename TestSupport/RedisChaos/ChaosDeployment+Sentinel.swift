// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hiredis
import OTPTesting
import PrivateRedis
import RedisTopologies

extension ChaosDeployment {
    /// Runs a closure with a primary, two replicas and three sentinels.
    ///
    /// Both replicas must confirm a write. During a failover, the old primary does not notice immediately that one replica was
    /// promoted. Until then, the other replica still confirms writes of the old primary, and later discards them.
    static func withSentinel(_ body: (ChaosDeployment) async throws -> Bool) async throws -> Bool {
        try await withSentinelGroup(arguments: Self.durable) { group in
            let faults = Self.faults(of: group)
            return try await body(.replicated("sentinel", group.configuration, minimumReplicas: 2, faults: faults))
        }
    }

    private static func faults(of group: SentinelGroup) -> [Fault] {
        [
            Fault(name: "kill the primary") { generator in
                let old = try await group.primary()
                try await group.kill(old)
                _ = try await group.waitForPrimary(otherThan: old)
                try await Self.sleep(0...1_000, &generator)
                try await group.restart(old)
                try await group.waitUntilWhole()
            },
            Fault(name: "pause the primary until it is replaced") { generator in
                let old = try await group.primary()
                group.pause(old)
                _ = try await group.waitForPrimary(otherThan: old)
                try await Self.sleep(0...500, &generator)
                group.resume(old)
                try await group.waitUntilWhole()
            },
            Fault(name: "pause the primary") { generator in
                let primary = try await group.primary()
                group.pause(primary)
                try await Self.sleep(50...400, &generator)
                group.resume(primary)
                try await group.waitUntilWhole()
            },
            Fault(name: "fail over by order") { _ in
                let old = try await group.primary()
                try await group.failover()
                _ = try await group.waitForPrimary(otherThan: old)
                try await group.waitUntilWhole()
            },
            Fault(name: "kill a replica") { generator in
                let primary = try await group.primary()
                let replica =
                    (primary + Int.random(in: 1..<group.servers.count, using: &generator))
                    % group.servers.count
                try await group.kill(replica)
                try await Self.sleep(0...1_000, &generator)
                try await group.restart(replica)
                try await group.waitUntilWhole()
            },
            Fault(name: "pause a sentinel") { generator in
                let sentinel = group.sentinels[Int.random(in: group.sentinels.indices, using: &generator)]
                sentinel.signal(SIGSTOP)
                try await Self.sleep(100...1_500, &generator)
                sentinel.signal(SIGCONT)
                try await group.waitUntilWhole()
            },
        ]
    }
}
