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
    private var timer: (deadline: NIODeadline, task: Scheduled<Void>)?
    private let counters: RedisCounters

    /// Why the connection is over, once it is.
    private(set) var failure: RedisError?

    /// Whether the server has answered a command with anything but an error since this was last set to false.
    var hasServed = false

    /// Called once, when the connection is over and its commands have been failed.
    var onEnd: (() -> Void)?

    /// Creates the protocol of a new connection.
    init(limits: RedisConfiguration.Limits, counters: RedisCounters) throws(RedisError) {
        self.reader = try ReplyReader(limits: limits)
        self.counters = counters
    }

    /// Writes a batch, in one piece.
    func send(_ batch: consuming CommandBatch) {
        guard let context = self.context, self.failure == nil else {
            batch.fail(
                RedisError(code: .connectionFailed, message: "The connection was lost before the command was written.")
            )
            return
        }
        guard !batch.isEmpty else { return }
        self.inFlight.append(contentsOf: batch.commands)
        self.counters.didWrite(commands: batch.commands.count)
        context.writeAndFlush(self.wrapOutboundOut(batch.bytes), promise: nil)
        self.armTimer()
    }

    /// Releases the caller of a command in flight, and keeps the place of its reply.
    func abandon(_ id: UInt64, with error: RedisError) {
        guard let index = self.inFlight.firstIndex(where: { $0.id == id }) else { return }
        self.inFlight[index].resolve(.failure(error))
    }

    /// Ends the connection and fails what is in flight.
    func end(_ error: RedisError) {
        guard self.failure == nil else { return }
        self.failure = error
        self.timer?.task.cancel()
        self.timer = nil
        let unanswered = self.inFlight
        self.inFlight = []
        for var command in unanswered { command.resolve(.failure(error)) }
        self.context?.close(promise: nil)
        let onEnd = self.onEnd
        self.onEnd = nil
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
                if self.inFlight[0].followsAsking {
                    self.inFlight[0].followsAsking = false
                    continue
                }
                if case .error = reply {} else { self.hasServed = true }
                var command = self.inFlight.removeFirst()
                command.resolve(.success(reply))
            }
        } catch {
            self.end(error)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.end(RedisError(code: .outcomeUnknown, message: "The connection was closed before the reply came."))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.end(
            RedisError(code: .outcomeUnknown, message: "The connection failed before the reply came.", cause: error)
        )
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
