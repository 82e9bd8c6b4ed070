// SPDX-License-Identifier: Apache-2.0

import Synchronization

extension RedisClient {
    /// The reply of one primary.
    package struct PrimaryReply: Sendable {
        /// The lowest hash slot that the primary serves; 0 if the server is not part of a cluster.
        ///
        /// The slot identifies the shard: after a failover, the new primary has the same lowest slot.
        package var lowestSlot: Int

        /// The reply of the primary; an error if the primary returned an error reply or no reply.
        package var reply: Result<RedisReply, RedisError>
    }

    /// Sends a command concurrently to every known primary.
    ///
    /// A cluster client knows no primaries before its first command.
    ///
    /// - Parameter name: The name of a command without arguments.
    /// - Returns: One reply for each primary, in any order.
    package func sendToPrimaries(_ name: String) async -> [PrimaryReply] {
        let command = RedisCommand(name: name, arguments: [])
        guard case .cluster(let cluster) = self.route else {
            return [await self.reply(of: 0) { () async throws(RedisError) in try await self.perform(command) }]
        }
        return await withTaskGroup(of: PrimaryReply.self) { group in
            for (slot, node) in cluster.primaries {
                group.addTask {
                    await self.reply(of: slot) { () async throws(RedisError) in
                        try await self.admit(command) { () async throws(RedisError) in
                            try await cluster.perform(command, on: node)
                        }
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    private func reply(
        of slot: Int,
        _ body: () async throws(RedisError) -> RedisReply
    ) async -> PrimaryReply {
        do throws(RedisError) {
            return PrimaryReply(lowestSlot: slot, reply: .success(try await body()))
        } catch {
            return PrimaryReply(lowestSlot: slot, reply: .failure(error))
        }
    }
}

extension RedisCluster {
    /// The primaries, each with the lowest hash slot that it serves.
    fileprivate var primaries: [(lowestSlot: Int, node: RedisNode)] {
        self.table.withLock { $0.primaries }
    }

    /// Sends a command to a node, regardless of the slots that the node serves.
    fileprivate func perform(_ command: RedisCommand, on node: RedisNode) async throws(RedisError) -> RedisReply {
        do throws(RedisError) {
            return try await node.perform(command)
        } catch {
            // The primary may have been replaced by another node.
            if error.code == .connectionFailed || error.code == .outcomeUnknown { self.requestRefresh() }
            throw error
        }
    }
}
