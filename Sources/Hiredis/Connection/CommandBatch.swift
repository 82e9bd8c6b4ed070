// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// A batch of commands to write together, with the encoded bytes in the order of the commands.
struct CommandBatch: Sendable {
    private(set) var bytes = ByteBuffer()
    private(set) var commands: [PendingCommand] = []
    /// Whether the batch contains a command that needs a confirmation by replicas.
    private(set) var needsConfirmation = false
    private var abandonedCount = 0

    var isEmpty: Bool { self.commands.isEmpty }

    /// Whether at least half of the commands have cancelled callers.
    ///
    /// If the value is `true`, ``dropAbandoned()`` should be called. The threshold limits the cost of the removals to amortized
    /// constant time per command.
    var isMostlyAbandoned: Bool { 2 * self.abandonedCount >= self.commands.count }

    /// Appends a command, with `ASKING` before it if required.
    ///
    /// `ASKING` and the command share one entry, so that both are removed together.
    mutating func append(
        _ command: RedisCommand,
        id: UInt64,
        asking: Bool = false,
        needsConfirmation: Bool = false,
        waiter: PendingCommand.Waiter
    ) {
        if self.commands.isEmpty {
            // A busy event loop appends dozens of commands per tick. The reserved capacity avoids several copies of the arrays.
            self.commands.reserveCapacity(32)
            self.bytes.reserveCapacity(8_192)
        }
        var length = asking ? self.bytes.writeStaticString("*1\r\n$6\r\nASKING\r\n") : 0
        length += self.bytes.writeCommand(command)
        self.commands.append(PendingCommand(id: id, length: length, followsAsking: asking, waiter: waiter))
        self.needsConfirmation = self.needsConfirmation || needsConfirmation
    }

    /// Appends a command whose reply confirms all preceding commands.
    ///
    /// The confirmation has the same deadline as the first command in the batch.
    mutating func appendConfirmation(_ command: RedisCommand) {
        let deadline = self.commands.first?.deadline ?? .distantFuture
        let length = self.bytes.writeCommand(command)
        self.commands.append(PendingCommand(id: 0, length: length, deadline: deadline, waiter: .nobody))
    }

    mutating func append(_ other: consuming CommandBatch) {
        self.bytes.writeImmutableBuffer(other.bytes)
        self.commands += other.commands
        self.needsConfirmation = self.needsConfirmation || other.needsConfirmation
        self.abandonedCount += other.abandonedCount
    }

    mutating func setDeadline(_ deadline: NIODeadline) {
        for index in self.commands.indices { self.commands[index].deadline = deadline }
    }

    /// Fails the commands of cancelled callers in this batch, and removes these callers from the cancellations.
    ///
    /// - Returns: The number of commands that the method examined, with and without cancelled callers.
    mutating func abandon(
        _ cancellations: inout CallerCancellations,
        server: String,
        countedIn load: CommandLoad
    ) -> Int {
        for index in self.commands.indices {
            guard !cancellations.isEmpty else { return index }
            guard !self.commands[index].isAbandoned, let reason = cancellations.remove(self.commands[index].id)
            else { continue }
            self.commands[index].abandon(with: reason.errorBeforeWrite(to: server), countedIn: load)
            self.abandonedCount += 1
        }
        return self.commands.count
    }

    /// Removes the commands of cancelled callers and their bytes, so that these commands are not sent.
    mutating func dropAbandoned() {
        guard self.abandonedCount > 0 else { return }
        var kept = CommandBatch()
        kept.needsConfirmation = self.needsConfirmation
        for var command in self.commands {
            guard let slice = self.bytes.readSlice(length: command.length), !command.isAbandoned else {
                // The cancelled caller has already received an error, so this call only releases the load.
                command.resolve(.failure(.notWritten(to: "the server")))
                continue
            }
            kept.bytes.writeImmutableBuffer(slice)
            kept.commands.append(command)
        }
        self = kept
    }

    /// Fails and removes the commands whose deadline has passed.
    mutating func expire(at now: NIODeadline, with error: @autoclosure () -> RedisError) {
        for index in self.commands.indices where self.commands[index].deadline <= now {
            self.commands[index].resolve(.failure(error()))
            self.abandonedCount += 1
        }
        self.dropAbandoned()
    }

    /// Fails all commands.
    mutating func fail(_ error: RedisError) {
        let failed = self
        self = CommandBatch()
        for var command in failed.commands { command.resolve(.failure(error)) }
    }
}
