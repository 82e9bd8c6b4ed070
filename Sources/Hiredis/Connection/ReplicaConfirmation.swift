/// The replies of a batch that are held back until `WAIT` has said how many replicas have what the batch wrote.
struct ReplicaConfirmation {
    /// How many replicas must have it.
    private let required: Int
    /// How many replies will come before the first one of the batch.
    private var earlier: Int
    /// How many replies of the batch have not come yet.
    private var outstanding: Int
    private var held: [(command: PendingCommand, reply: RedisReply)] = []

    init(required: Int, earlier: Int, count: Int) {
        self.required = required
        self.earlier = earlier
        self.outstanding = count
        self.held.reserveCapacity(count)
    }

    /// Takes a reply in the order of the commands, and answers whether it was that to `WAIT`, the last one.
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
        self.release(self.refusal(reply))
        return true
    }

    /// Releases the callers that went away of commands whose replies are held back.
    ///
    /// - Returns: The number of commands that were examined.
    mutating func abandon(_ departures: inout Departures) -> Int {
        for index in self.held.indices {
            guard !departures.isEmpty else { return index }
            guard let departure = departures.remove(self.held[index].command.id) else { continue }
            // The reply is here, so the place is no longer needed.
            self.held[index].command.resolve(.failure(departure.errorAfterWrite))
        }
        return self.held.count
    }

    /// Gives out the replies, or an error in their place; a command that the server refused has changed nothing.
    mutating func release(_ refusal: RedisError?) {
        let held = self.held
        self.held = []
        for (command, reply) in held {
            var command = command
            if let refusal, !reply.isError {
                command.resolve(.failure(refusal))
            } else {
                command.resolve(.success(reply))
            }
        }
    }

    private func refusal(_ reply: RedisReply) -> RedisError? {
        switch reply {
        case .integer(let confirmed) where confirmed >= self.required:
            return nil
        case .integer(let confirmed):
            let message = "The primary did it, but \(confirmed) of \(self.required) replicas confirmed it in time."
            return RedisError(code: .outcomeUnknown, message: message)
        case .error(let text):
            let kind = RedisError.kind(of: text)
            return RedisError(
                code: .outcomeUnknown,
                message: "The primary did it, but answered WAIT for its replicas with \(kind).",
                serverErrorKind: kind
            )
        default:
            return RedisError(code: .protocolViolation, message: "The server's answer to WAIT is not a number.")
        }
    }
}

extension RedisReply {
    fileprivate var isError: Bool {
        if case .error = self { true } else { false }
    }
}
