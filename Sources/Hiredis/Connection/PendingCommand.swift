import NIOCore

/// One caller's place in the order of replies.
struct PendingCommand: Sendable {
    /// Who waits for the reply.
    enum Waiter: Sendable {
        case task(WaitingTask)
        case promise(EventLoopPromise<RedisReply>)
        /// Nobody any more; the place stays, because replies are positional.
        case nobody
        /// A caller that went away; the place counts in the load until the reply arrives or the bytes are dropped.
        case gone(CommandLoad)
    }

    let id: UInt64
    /// The number of bytes that the command takes in its batch.
    let length: Int
    var deadline: NIODeadline
    /// Whether the server first answers an `ASKING` that stands before the command in the same bytes.
    var followsAsking: Bool
    private var waiter: Waiter

    init(
        id: UInt64,
        length: Int,
        deadline: NIODeadline = .distantFuture,
        followsAsking: Bool = false,
        waiter: Waiter
    ) {
        self.id = id
        self.length = length
        self.deadline = deadline
        self.followsAsking = followsAsking
        self.waiter = waiter
    }

    var isAbandoned: Bool {
        switch self.waiter {
        case .nobody, .gone: true
        case .task, .promise: false
        }
    }

    /// Fails the caller, and counts the place that the command keeps.
    mutating func abandon(with error: RedisError, countedIn load: CommandLoad) {
        load.hold(bytes: self.length)
        self.resolve(.failure(error))
        self.waiter = .gone(load)
    }

    /// Answers the waiter, at most once, and ends the count of a place without a waiter.
    mutating func resolve(_ result: Result<RedisReply, RedisError>) {
        let waiter = self.waiter
        self.waiter = .nobody
        switch waiter {
        case .task(let task): task.resume(returning: result)
        case .promise(let promise): promise.completeWith(result.mapError { $0 })
        case .gone(let load): load.release(bytes: self.length)
        case .nobody: break
        }
    }
}

/// Commands that wait to be written together, and their bytes, in the same order.
struct CommandBatch: Sendable {
    private(set) var bytes = ByteBuffer()
    private(set) var commands: [PendingCommand] = []
    /// Whether any of them may write, so that replicas are to confirm them where that is wanted.
    private(set) var needsConfirmation = false
    /// How many of them have no caller any more.
    private var abandoned = 0

    var isEmpty: Bool { self.commands.isEmpty }

    /// Whether it pays to drop abandoned commands now, so that dropping costs a constant time for each of them.
    var isMostlyAbandoned: Bool { 2 * self.abandoned >= self.commands.count }

    /// Adds a command, and before it an `ASKING` if it is to have one.
    ///
    /// The two are one piece: an `ASKING` that stayed behind alone would hold for the command of somebody else.
    mutating func append(
        _ command: RedisCommand,
        id: UInt64,
        asking: Bool = false,
        needsConfirmation: Bool = false,
        waiter: PendingCommand.Waiter
    ) {
        if self.commands.isEmpty {
            // A turn of a busy loop brings some dozens of commands; growing step by step would copy them again and
            // again.
            self.commands.reserveCapacity(32)
            self.bytes.reserveCapacity(8_192)
        }
        var length = asking ? self.bytes.writeStaticString("*1\r\n$6\r\nASKING\r\n") : 0
        length += self.bytes.writeCommand(command)
        self.commands.append(PendingCommand(id: id, length: length, followsAsking: asking, waiter: waiter))
        self.needsConfirmation = self.needsConfirmation || needsConfirmation
    }

    /// Appends a command whose reply tells about those before it, with their deadline.
    mutating func appendConfirmation(_ command: RedisCommand) {
        let deadline = self.commands.first?.deadline ?? .distantFuture
        let length = self.bytes.writeCommand(command)
        self.commands.append(PendingCommand(id: 0, length: length, deadline: deadline, waiter: .nobody))
    }

    mutating func append(_ other: consuming CommandBatch) {
        self.bytes.writeImmutableBuffer(other.bytes)
        self.commands += other.commands
        self.needsConfirmation = self.needsConfirmation || other.needsConfirmation
        self.abandoned += other.abandoned
    }

    mutating func setDeadline(_ deadline: NIODeadline) {
        for index in self.commands.indices { self.commands[index].deadline = deadline }
    }

    /// Fails the commands whose callers went away, and takes them out of the list of departures.
    ///
    /// - Returns: The number of commands that were examined.
    mutating func abandon(_ departures: inout Departures, countedIn load: CommandLoad) -> Int {
        for index in self.commands.indices {
            guard !departures.isEmpty else { return index }
            guard !self.commands[index].isAbandoned, let departure = departures.remove(self.commands[index].id)
            else { continue }
            self.commands[index].abandon(with: departure.errorBeforeWrite, countedIn: load)
            self.abandoned += 1
        }
        return self.commands.count
    }

    /// Drops the bytes of abandoned commands, so that what nobody waits for is not sent.
    mutating func dropAbandoned() {
        guard self.abandoned > 0 else { return }
        var kept = CommandBatch()
        kept.needsConfirmation = self.needsConfirmation
        for var command in self.commands {
            guard let slice = self.bytes.readSlice(length: command.length), !command.isAbandoned else {
                // None is dropped without an answer; an abandoned one has it.
                command.resolve(.failure(.notWritten))
                continue
            }
            kept.bytes.writeImmutableBuffer(slice)
            kept.commands.append(command)
        }
        self = kept
    }

    /// Fails the commands whose deadline has passed; they are the first ones.
    mutating func expire(at now: NIODeadline, with error: RedisError) {
        for index in self.commands.indices where self.commands[index].deadline <= now {
            self.commands[index].resolve(.failure(error))
            self.abandoned += 1
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
