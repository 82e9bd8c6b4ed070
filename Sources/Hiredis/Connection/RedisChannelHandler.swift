// SPDX-License-Identifier: Apache-2.0

import DequeModule
import NIOCore

/// The channel handler of one connection, which writes batches of commands and matches replies to commands.
///
/// Each reply belongs to the oldest command without a reply. Every fault, such as a late or malformed reply, ends the
/// connection. The handler is used only on the event loop of its channel.
final class RedisChannelHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// The address of the server.
    let endpoint: RedisConfiguration.Endpoint

    /// The name by which errors refer to the server.
    let server: String

    private var reader: ReplyReader
    private var inFlight = Deque<PendingCommand>()
    private var context: ChannelHandlerContext?
    /// The replies to a batch, held back until replicas confirm the batch; `nil` if no confirmation is pending.
    ///
    /// While a confirmation is pending, no other batch is written.
    private var confirmation: ReplicaConfirmation?
    private var timer: (deadline: NIODeadline, task: Scheduled<Void>)?
    private let counters: RedisMetrics

    /// The error that ended the connection; `nil` while the connection is in use.
    private(set) var failure: RedisError?

    /// Whether the server has returned a reply that is not an error.
    var hasServed = false

    /// Whether the server has sent any bytes.
    private(set) var hasReceived = false

    /// The number of replicas that must confirm the writes of a batch; 0 for no confirmation.
    var minimumReplicas = 0

    /// Whether to close the connection when an error reply shows that the server is a replica.
    var leavesReplica = false

    /// Whether the connection is ending because the server is no longer the primary.
    ///
    /// If ``leavesReplica`` is `true`, a `READONLY` error sets this value to `true`. The connection then ends when the commands
    /// in flight are completed.
    ///
    /// The method ``leave()`` also sets this value to `true`. The method fails the commands in flight, and ends the connection
    /// immediately.
    private(set) var isLeaving = false

    /// Whether a `PING` that checks the connection is in flight.
    private var isCheckingHealth = false

    /// Whether a batch can be written now.
    ///
    /// When the value becomes `true` again, ``onReady`` is called. If the connection ends first, ``onEnd`` is called instead.
    var acceptsCommands: Bool { self.confirmation == nil && !self.isLeaving && !self.isCheckingHealth }

    /// Whether no command is in flight.
    var isIdle: Bool { self.inFlight.isEmpty }

    /// A closure that is called when batches can be written again.
    var onReady: (() -> Void)?

    /// A closure that is called once, after the connection has ended and all commands in flight have failed.
    var onEnd: (() -> Void)?

    /// Creates the handler of a new connection.
    init(
        server: RedisConfiguration.Endpoint,
        limits: RedisConfiguration.Limits,
        counters: RedisMetrics
    ) throws(RedisError) {
        self.endpoint = server
        self.server = server.errorName
        self.reader = try ReplyReader(limits: limits, server: self.server)
        self.counters = counters
    }

    /// Writes a batch of commands in one write.
    func send(_ batch: consuming CommandBatch) {
        guard let context = self.context, self.failure == nil else {
            batch.fail(.lost(self.server, cause: self.failure?.cause))
            return
        }
        guard !batch.isEmpty else { return }
        if self.minimumReplicas > 0, batch.needsConfirmation {
            self.appendWait(to: &batch, now: context.eventLoop.now)
        }
        self.inFlight.append(contentsOf: batch.commands)
        self.counters.didWrite(commands: batch.commands.count)
        context.writeAndFlush(self.wrapOutboundOut(batch.bytes), promise: nil)
        self.armTimer()
    }

    /// Fails the commands in flight whose callers were cancelled, and keeps their entries until the replies arrive.
    ///
    /// - Returns: The number of commands that the method examined while it searched for cancelled callers.
    func abandon(_ cancellations: inout CallerCancellations) -> Int {
        var scanned = self.confirmation?.abandon(&cancellations) ?? 0
        for index in self.inFlight.indices {
            guard !cancellations.isEmpty else { break }
            scanned += 1
            guard !self.inFlight[index].isAbandoned, let reason = cancellations.remove(self.inFlight[index].id)
            else { continue }
            self.inFlight[index].abandon(with: reason.errorAfterWrite(to: self.server), countedIn: self.counters.load)
        }
        return scanned
    }

    /// Sends a `PING`, and accepts no commands until the reply arrives.
    ///
    /// The connection must be idle.
    ///
    /// - Parameter deadline: The deadline for the reply. If no reply arrives by this time, the connection ends.
    func checkHealth(deadline: NIODeadline) {
        guard let context = self.context, !self.isCheckingHealth else { return }
        let promise = context.eventLoop.makePromise(of: RedisReply.self)
        // Any reply, even an error, shows that the connection works.
        promise.futureResult.assumeIsolated()
            .whenSuccess { _ in
                self.isCheckingHealth = false
                self.onReady?()
            }
        var batch = CommandBatch()
        batch.append(RedisCommand(name: "PING", arguments: []), id: 0, waiter: .promise(promise))
        batch.setDeadline(deadline)
        self.isCheckingHealth = true
        self.send(batch)
    }

    /// Ends the connection to a server that is no longer the primary, and fails the commands in flight.
    func leave() {
        self.isLeaving = true
        self.end(.replaced(self.server, code: .outcomeUnknown))
    }

    /// Ends the connection and fails the commands in flight.
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

    // MARK: Channel events

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
                try self.rejectTLSAlert(bytes)
            }
            try self.reader.feed(bytes)
            while self.failure == nil, self.reader.hasUnparsedBytes {
                // An unexpected reply may never be complete, and has no deadline. It is therefore rejected before the parsing.
                guard !self.inFlight.isEmpty else { throw RedisError.unexpectedReply(from: self.server) }
                guard let reply = try self.reader.next() else { return }
                self.receive(reply)
            }
            if self.isLeaving, self.inFlight.isEmpty {
                throw RedisError.replaced(self.server, code: .connectionFailed)
            }
        } catch {
            self.end(error)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.end(.closed(by: self.server, hasReceived: self.hasReceived))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let cause = TLSContext.explanation(of: error, server: self.server)
        self.end(.broken(self.server, hasReceived: self.hasReceived, explanation: cause, cause: error))
    }

    /// Handles the reply to the oldest command in flight.
    private func receive(_ reply: RedisReply) {
        var command = self.inFlight.removeFirst()
        if command.followsAsking {
            command.followsAsking = false
            self.inFlight.prepend(command)
            return
        }
        if case .error(let text) = reply {
            self.isLeaving = self.isLeaving || (self.leavesReplica && Self.isReadOnlyError(text))
        } else {
            self.hasServed = true
        }
        if self.confirmation == nil {
            command.resolve(.success(reply))
        } else {
            self.confirm(command, reply)
        }
    }

    /// Returns whether an error text shows that a replica rejected a write by a command or a script.
    private static func isReadOnlyError(_ text: String) -> Bool {
        text.hasPrefix("READONLY ") || text.contains("-READONLY ")
    }

    /// Throws an error if the server requires TLS.
    ///
    /// A server that requires TLS responds to a plaintext command with a TLS alert.
    private func rejectTLSAlert(_ bytes: ByteBuffer) throws(RedisError) {
        // A TLS alert begins with the record type and the major version 3.
        guard bytes.readableBytesView.starts(with: [0x15, 0x03]) else { return }
        throw .requiresTLS(self.server)
    }
}

// MARK: Confirmation by replicas

extension RedisChannelHandler {
    /// Appends a `WAIT` to a batch.
    ///
    /// The server replies to `WAIT` as soon as enough replicas have the writes of the batch. If too few replicas have the
    /// writes, the server replies shortly before the deadline of the batch.
    private func appendWait(to batch: inout CommandBatch, now: NIODeadline) {
        let left = batch.commands.first.map { $0.deadline - now } ?? .zero
        let available = min(left, .hours(24)).nanoseconds / 1_000_000
        // The server checks the timeout of `WAIT` up to 100 ms late. A timeout of 0 would mean no timeout.
        let milliseconds = max(1, available - min(available / 2, 200))
        let wait = RedisCommand(
            name: "WAIT",
            arguments: [.integer(Int64(self.minimumReplicas)), .integer(milliseconds)]
        )
        let count = batch.commands.count
        batch.appendConfirmation(wait)
        self.confirmation = ReplicaConfirmation(
            server: self.server,
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
}

// MARK: Deadlines

extension RedisChannelHandler {
    /// Ensures that the timer fires no later than the deadline of the oldest command.
    ///
    /// A timer that would fire later is replaced. A timer that fires before the deadline calls this method again.
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
            self.end(.noReply(from: self.server))
        } else {
            self.armTimer()
        }
    }
}
