// SPDX-License-Identifier: Apache-2.0

/// The replies to a batch, which are held back until the reply to `WAIT` arrives.
///
/// The reply to `WAIT` is the number of replicas that have the writes.
struct ReplicaConfirmation {
    /// The name by which errors refer to the server.
    private let server: String
    /// The number of replicas that must confirm the writes.
    private let required: Int
    /// The number of outstanding replies to commands that were sent before the batch.
    private var earlier: Int
    /// The number of outstanding replies to commands of the batch.
    private var outstanding: Int
    private var held: [(command: PendingCommand, reply: RedisReply)] = []

    init(server: String, required: Int, earlier: Int, count: Int) {
        self.server = server
        self.required = required
        self.earlier = earlier
        self.outstanding = count
        self.held.reserveCapacity(count)
    }

    /// Records a reply, and returns whether it is the reply to `WAIT`, which ends the batch.
    ///
    /// Replies arrive in the order of the commands.
    mutating func receive(_ reply: RedisReply, for command: PendingCommand) -> Bool {
        if self.earlier > 0 {
            self.earlier -= 1
            var command = command
            command.resolve(.success(reply))
            return false
        }
        if self.outstanding > 0 {
            self.outstanding -= 1
            self.held.append((command, reply))
            return false
        }
        self.release(self.error(of: reply))
        return true
    }

    /// Fails the held commands whose callers were cancelled.
    ///
    /// The reply to a held command has arrived, but is held back until the reply to `WAIT` arrives.
    ///
    /// - Returns: The number of commands that the method examined.
    mutating func abandon(_ cancellations: inout CallerCancellations) -> Int {
        for index in self.held.indices {
            guard !cancellations.isEmpty else { return index }
            guard let reason = cancellations.remove(self.held[index].command.id) else { continue }
            // The reply has already arrived, so the load is released.
            self.held[index].command.resolve(.failure(reason.errorAfterWrite(to: self.server)))
        }
        return self.held.count
    }

    /// Resolves the held commands with their replies, or with an error if the writes were not confirmed.
    ///
    /// A command that the server rejected always receives its own error reply.
    ///
    /// - Parameter error: The error for unconfirmed writes; `nil` if the writes were confirmed.
    mutating func release(_ error: RedisError?) {
        let held = self.held
        self.held = []
        for (command, reply) in held {
            var command = command
            if let error, !reply.isError {
                command.resolve(.failure(error))
            } else {
                command.resolve(.success(reply))
            }
        }
    }

    private func error(of reply: RedisReply) -> RedisError? {
        switch reply {
        case .integer(let confirmed) where confirmed >= self.required:
            return nil
        case .integer(let confirmed):
            let replicas = "\(confirmed) of \(self.required) replicas"
            return RedisError(
                code: .outcomeUnknown,
                message: "the command ran on \(self.server), but only \(replicas) confirmed it in time"
            )
        case .error(let text):
            let kind = RedisError.kind(of: text)
            return RedisError(
                code: .outcomeUnknown,
                message: "the command ran on \(self.server), but the server rejected WAIT with \(kind)",
                serverErrorKind: kind
            )
        default:
            return RedisError(code: .protocolViolation, message: "the reply of \(self.server) to WAIT is not a number")
        }
    }
}

extension RedisReply {
    fileprivate var isError: Bool {
        if case .error = self { true } else { false }
    }
}
