import NIOCore

/// One caller's place in the order of replies.
struct PendingCommand: Sendable {
    /// Who waits for the reply.
    enum Waiter: Sendable {
        case task(WaitingTask)
        case promise(EventLoopPromise<RedisReply>)
        /// Nobody any more; the place stays, because replies are positional.
        case nobody
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
        if case .nobody = self.waiter { true } else { false }
    }

    /// Answers the waiter, at most once.
    mutating func resolve(_ result: Result<RedisReply, RedisError>) {
        let waiter = self.waiter
        self.waiter = .nobody
        switch waiter {
        case .task(let task): task.resume(returning: result)
        case .promise(let promise): promise.completeWith(result.mapError { $0 })
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
    private var containsAbandoned = false

    var isEmpty: Bool { self.commands.isEmpty }

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
        self.containsAbandoned = self.containsAbandoned || other.containsAbandoned
    }

    mutating func setDeadline(_ deadline: NIODeadline) {
        for index in self.commands.indices { self.commands[index].deadline = deadline }
    }

    /// Takes out a command whose caller went away, and answers whether it was here.
    mutating func abandon(_ id: UInt64, with error: RedisError) -> Bool {
        guard let index = self.commands.firstIndex(where: { $0.id == id }) else { return false }
        self.commands[index].resolve(.failure(error))
        self.containsAbandoned = true
        return true
    }

    /// Drops the bytes of abandoned commands, so that what nobody waits for is not sent.
    mutating func dropAbandoned() {
        guard self.containsAbandoned else { return }
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
            self.containsAbandoned = true
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
