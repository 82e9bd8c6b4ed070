import DequeModule
import NIOCore

/// One connection's protocol: writes batches of commands, and gives each reply to the oldest command without one.
///
/// Touched on its channel's event loop only. Whatever goes wrong ends the connection, because a reply that came too
/// late or was garbled would answer the wrong command.
final class RedisChannelHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var reader: ReplyReader
    private var inFlight = Deque<PendingCommand>()
    private var context: ChannelHandlerContext?
    /// What is held back for the replicas; while it is, no other batch is written.
    private var confirmation: ReplicaConfirmation?
    private var timer: (deadline: NIODeadline, task: Scheduled<Void>)?
    private let counters: RedisMetrics

    /// Why the connection is over, once it is.
    private(set) var failure: RedisError?

    /// Whether the server has answered a command with anything but an error since this was last set to false.
    var hasServed = false

    /// Whether the server has sent anything at all.
    private(set) var hasReceived = false

    /// How many replicas must confirm a batch that may write, 0 for none.
    var minimumReplicas = 0

    /// Whether to leave a server that turns out to be a replica.
    var leavesReplica = false

    /// Whether the server has said that it is a replica; the connection ends when all that is in flight is answered.
    private var isLeaving = false

    /// Whether a batch may be written now; otherwise ``onReady`` or ``onEnd`` is called later.
    var acceptsCommands: Bool { self.confirmation == nil && !self.isLeaving && !self.isExamined }

    /// Whether all commands are answered.
    var isIdle: Bool { self.inFlight.isEmpty }

    /// Whether a `PING` is on its way that shows whether the server is still there.
    private var isExamined = false

    /// Called when batches may be written again.
    var onReady: (() -> Void)?

    /// Called once, when the connection is over and its commands have been failed.
    var onEnd: (() -> Void)?

    /// Creates the protocol of a new connection.
    init(limits: RedisConfiguration.Limits, counters: RedisMetrics) throws(RedisError) {
        self.reader = try ReplyReader(limits: limits)
        self.counters = counters
    }

    /// Writes a batch, in one piece.
    func send(_ batch: consuming CommandBatch) {
        guard let context = self.context, self.failure == nil else {
            batch.fail(
                RedisError(
                    code: .connectionFailed,
                    message: "The connection was lost before the command was written.",
                    cause: self.failure?.cause
                )
            )
            return
        }
        guard !batch.isEmpty else { return }
        if self.minimumReplicas > 0, batch.needsConfirmation {
            self.askForConfirmation(of: &batch, now: context.eventLoop.now)
        }
        self.inFlight.append(contentsOf: batch.commands)
        self.counters.didWrite(commands: batch.commands.count)
        context.writeAndFlush(self.wrapOutboundOut(batch.bytes), promise: nil)
        self.armTimer()
    }

    /// Releases the callers of commands in flight that went away, and keeps the places of their replies.
    ///
    /// - Returns: The number of commands that were examined.
    func abandon(_ departures: inout Departures) -> Int {
        var examined = self.confirmation?.abandon(&departures) ?? 0
        for index in self.inFlight.indices {
            guard !departures.isEmpty else { break }
            examined += 1
            guard !self.inFlight[index].isAbandoned, let departure = departures.remove(self.inFlight[index].id)
            else { continue }
            self.inFlight[index].abandon(with: departure.errorAfterWrite, countedIn: self.counters.load)
        }
        return examined
    }

    /// Sends a `PING`, and accepts no commands until it is answered.
    ///
    /// - Parameter deadline: When the server counts as unreachable; the connection then ends without a command on it.
    func examine(deadline: NIODeadline) {
        guard let context = self.context, !self.isExamined else { return }
        let promise = context.eventLoop.makePromise(of: RedisReply.self)
        // Any reply, also an error, shows that the server is there.
        promise.futureResult.assumeIsolated()
            .whenSuccess { _ in
                self.isExamined = false
                self.onReady?()
            }
        var batch = CommandBatch()
        batch.append(RedisCommand(name: "PING", arguments: []), id: 0, waiter: .promise(promise))
        batch.setDeadline(deadline)
        self.isExamined = true
        self.send(batch)
    }

    /// Ends the connection and fails what is in flight.
    func end(_ error: RedisError) {
        guard self.failure == nil else { return }
        self.failure = error
        self.timer?.task.cancel()
        self.timer = nil
        var confirmation = self.confirmation.take()
        confirmation?.release(error)
        let unanswered = self.inFlight
        self.inFlight = []
        for var command in unanswered { command.resolve(.failure(error)) }
        self.context?.close(promise: nil)
        let onEnd = self.onEnd
        self.onEnd = nil
        self.onReady = nil
        onEnd?()
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = self.unwrapInboundIn(data)
        do throws(RedisError) {
            if !self.hasReceived {
                self.hasReceived = true
                try Self.refuseTLS(bytes)
            }
            try self.reader.feed(bytes)
            while self.failure == nil, self.reader.hasUnparsedBytes {
                // Not even the beginning of such a reply is waited out: there is no deadline for the rest of it.
                guard !self.inFlight.isEmpty else {
                    throw RedisError(
                        code: .protocolViolation,
                        message: "The server sent a reply that nobody asked for."
                    )
                }
                guard let reply = try self.reader.next() else { return }
                var command = self.inFlight.removeFirst()
                if command.followsAsking {
                    command.followsAsking = false
                    self.inFlight.prepend(command)
                    continue
                }
                if case .error(let text) = reply {
                    self.isLeaving = self.isLeaving || (self.leavesReplica && Self.isOfReplica(text))
                } else {
                    self.hasServed = true
                }
                if self.confirmation == nil {
                    command.resolve(.success(reply))
                } else {
                    self.confirm(command, reply)
                }
            }
            if self.isLeaving, self.inFlight.isEmpty {
                throw RedisError(code: .connectionFailed, message: "The server is no longer the primary.")
            }
        } catch {
            self.end(error)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.end(
            RedisError(code: .outcomeUnknown, message: "The connection was closed before the reply came." + self.hint)
        )
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let message = TLSContext.explanation(of: error) ?? "The connection failed before the reply came." + self.hint
        self.end(RedisError(code: .outcomeUnknown, message: message, cause: error))
    }

    /// Appends `WAIT` to a batch; it is answered when enough replicas have what the batch wrote, or shortly before the
    /// deadline.
    private func askForConfirmation(of batch: inout CommandBatch, now: NIODeadline) {
        let left = batch.commands.first.map { $0.deadline - now } ?? .zero
        let available = min(left, .hours(24)).nanoseconds / 1_000_000
        // The server notices the end of the time up to 100 ms late; and 0 would mean to wait for ever.
        let milliseconds = max(1, available - min(available / 2, 200))
        let wait = RedisCommand(
            name: "WAIT",
            arguments: [.integer(Int64(self.minimumReplicas)), .integer(milliseconds)]
        )
        let count = batch.commands.count
        batch.appendConfirmation(wait)
        self.confirmation = ReplicaConfirmation(
            required: self.minimumReplicas,
            earlier: self.inFlight.count,
            count: count
        )
    }

    private func confirm(_ command: PendingCommand, _ reply: RedisReply) {
        guard var confirmation = self.confirmation.take() else { return }
        if confirmation.receive(reply, for: command) {
            if !self.isLeaving {
                self.onReady?()
            }
        } else {
            self.confirmation = confirmation
        }
    }

    /// Whether an error is that of a server that takes no writes, also within the error of a script.
    private static func isOfReplica(_ text: String) -> Bool {
        text.hasPrefix("READONLY ") || text.contains("-READONLY ")
    }

    /// What a connection that ended without a word may mean.
    private var hint: String {
        self.hasReceived ? "" : " The server had said nothing at all: it may want TLS, or not speak it."
    }

    /// Knows a server by its first bytes that does not understand us because it expects TLS.
    private static func refuseTLS(_ bytes: ByteBuffer) throws(RedisError) {
        // The beginning of an alert: its kind, and the version 3.
        guard bytes.readableBytesView.starts(with: [0x15, 0x03]) else { return }
        throw RedisError(code: .protocolViolation, message: "The server wants TLS, which is not configured.")
    }

    /// Watches the oldest deadline only: deadlines come in the order of the commands in flight.
    ///
    /// The timer may still be set for a command that was answered, and that of `AUTH` may be later than the next one.
    private func armTimer() {
        guard let context = self.context, let deadline = self.inFlight.first?.deadline, deadline != .distantFuture
        else { return }
        if let timer = self.timer {
            guard deadline < timer.deadline else { return }
            timer.task.cancel()
        }
        let task = context.eventLoop.assumeIsolated()
            .scheduleTask(deadline: deadline) {
                self.timer = nil
                self.checkDeadline()
            }
        self.timer = (deadline, task)
    }

    private func checkDeadline() {
        guard let context = self.context, let oldest = self.inFlight.first else { return }
        if oldest.deadline <= context.eventLoop.now {
            self.end(.noReplyInTime)
        } else {
            self.armTimer()
        }
    }
}
