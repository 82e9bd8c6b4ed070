// SPDX-License-Identifier: Apache-2.0

import Hiredis
import Metrics
import OTP

extension RedisOTPStore {
    /// Runs a script on one key, and records the duration of the call.
    func evaluate(
        _ script: RedisScript,
        _ timer: Timer,
        _ key: String,
        _ arguments: [RedisArgument]
    ) async throws(RedisError) -> RedisReply {
        try await self.client.evaluate(script, timer, [key], arguments)
    }

    /// Runs a script with an empty argument on the records of several blind indexes concurrently.
    func evaluate(_ script: RedisScript, _ timer: Timer, on indexes: [PhoneNumberIndex]) async throws {
        guard !indexes.isEmpty else { return }
        _ = try await Self.concurrently(indexes) { index in
            try await self.evaluate(script, timer, self.keys.number(index), [""])
        }
    }

    /// Finds the record that the store uses for a phone number, and any unused records under other blind indexes.
    ///
    /// During the rotation of an index key, the method sends one pipelined read. A script cannot replace this read, because the
    /// blind indexes of a phone number are in different hash slots.
    func records(of number: PhoneNumberIndexes) async throws -> PhoneNumberRecords {
        guard !number.others.isEmpty else { return PhoneNumberRecords(used: number.current) }
        let existing = try await Self.concurrently(number.all) { index in
            let key = RedisArgument.text(self.keys.number(index))
            return try ScriptReply.flag(try await self.client.send("EXISTS", [key], isCancellable: false)) ? index : nil
        }
        return number.records(existing: existing.compactMap(\.self))
    }

    /// Runs a closure concurrently for several blind indexes, so that the commands are sent in one write to the socket.
    static func concurrently<Result: Sendable>(
        _ indexes: [PhoneNumberIndex],
        _ body: @escaping @Sendable (PhoneNumberIndex) async throws -> Result
    ) async throws -> [Result] {
        if let index = indexes.first, indexes.count == 1 { return [try await body(index)] }
        return try await withThrowingTaskGroup(of: Result.self) { group in
            for index in indexes { group.addTask { try await body(index) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }
}
