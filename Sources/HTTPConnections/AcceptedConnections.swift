// SPDX-License-Identifier: Apache-2.0

package import NIOCore
import Synchronization

/// The connections that a server has accepted, but does not handle yet.
///
/// NIO can drop such a connection: the connection then stays open, but nothing responds to its requests. This can happen in two
/// cases:
///
/// * The listening socket is closed during the setup of a connection.
/// * The server is cancelled before it handles a connection.
///
/// This object therefore closes the listening socket only when no connection is being set up. It also calls a closure when the
/// server has begun to handle all accepted connections.
///
/// A class, because the handlers of the listening socket and the connections share it.
package final class AcceptedConnections: Sendable {
    private struct State {
        /// The connections that are not handled yet, and whether their setup is complete.
        var waiting: [ObjectIdentifier: Bool] = [:]
        /// The number of open connections.
        var openCount = 0
        /// Whether the system lacks the resources for another connection.
        var isExhausted = false
        /// The channel of the listening socket; `nil` if the socket is closed.
        var listener: (any Channel)?
        var onEnd: [@Sendable () -> Void] = []
        var onSetUp: [@Sendable () -> Void] = []

        /// Removes and returns the closures that must be called now.
        ///
        /// The closures in `onSetUp` wait until no connection is being set up. The closures in `onEnd` wait until all
        /// connections are handled and the listening socket is closed.
        mutating func due() -> [@Sendable () -> Void] {
            var due: [@Sendable () -> Void] = []
            if !self.onSetUp.isEmpty, !self.waiting.values.contains(false) {
                due += self.onSetUp
                self.onSetUp = []
            }
            if !self.onEnd.isEmpty, self.waiting.isEmpty, self.listener == nil {
                due += self.onEnd
                self.onEnd = []
            }
            return due
        }
    }

    /// The idle connections, on which no request is in progress.
    let idle: IdleConnections

    private let maximum: Int
    private let state = Mutex(State())

    /// Creates an object for one server.
    ///
    /// - Parameters:
    ///   - group: The event loops of the connections.
    ///   - maximum: The number of open connections at which the server closes idle connections.
    package init(on group: any EventLoopGroup, maximum: Int = .max) {
        self.idle = IdleConnections(group)
        self.maximum = maximum
    }

    /// Adds the handlers to the pipeline of a listening socket.
    ///
    /// - Parameters:
    ///   - channel: The channel of the listening socket.
    ///   - onExhaustion: Called if the system lacks the resources for a new connection, at most once per second.
    /// - Throws: An error if the socket is closed.
    package func observe(_ channel: any Channel, onExhaustion: @escaping @Sendable (any Error) -> Void) async throws {
        try await channel.eventLoop.submit { try self.addHandlers(to: channel, onExhaustion: onExhaustion) }.get()
    }

    /// Adds the handlers to the channel of a listening socket.
    ///
    /// The caller must be on the event loop of this channel.
    func addHandlers(to channel: any Channel, onExhaustion: @escaping @Sendable (any Error) -> Void) throws {
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(AcceptHandler(self, onExhaustion: onExhaustion), position: .first)
        try pipeline.addHandler(SetUpHandler(self), position: .last)
        self.change { $0.listener = channel }
        channel.closeFuture.whenComplete { _ in self.change { $0.listener = nil } }
    }

    /// Closes the listening socket, and later calls a closure once.
    ///
    /// The closure is called when the listening socket is closed and the server has begun to handle all accepted connections.
    package func stop(_ body: @escaping @Sendable () -> Void) {
        self.state.withLock { $0.listener }?.close(promise: nil)
        self.change { $0.onEnd.append(body) }
    }

    /// Calls a closure when the setup of all accepted connections is complete.
    func whenSetUp(_ body: @escaping @Sendable () -> Void) { self.change { $0.onSetUp.append(body) } }

    /// Whether a connection is being set up.
    var isSettingUp: Bool { self.state.withLock { $0.waiting.values.contains(false) } }

    func wasAccepted(_ connection: any Channel) {
        let key = ObjectIdentifier(connection)
        self.change { state in
            state.waiting[key] = false
            state.openCount += 1
        }
        if self.isFull { self.makeRoom() }
        connection.closeFuture.whenComplete { _ in
            self.change { state in
                state.openCount -= 1
                // A connection is never handled if its setup fails.
                if state.waiting[key] == false { state.waiting[key] = nil }
            }
        }
    }

    /// Whether the server can accept a connection only after another connection is closed.
    var isFull: Bool { self.state.withLock { $0.isExhausted || $0.openCount >= self.maximum } }

    /// Records whether the system lacks the resources for another connection.
    func setExhausted(_ isExhausted: Bool) {
        self.change { $0.isExhausted = isExhausted }
        if isExhausted { self.makeRoom() }
    }

    /// Closes the connections that have been idle for the longest time.
    ///
    /// An event loop without idle connections cannot close one now. While the server is full, this event loop closes each
    /// connection after the current response.
    private func makeRoom() {
        // Several connections are closed at a time, so that not every new connection must wait for this work. More would delay
        // other clients, because a hostile client opens all of them again.
        self.idle.closeOldest(min(max(1, self.state.withLock { $0.openCount } / 100), 10))
    }

    func wasSetUp(_ connection: any Channel) {
        self.change { state in
            if state.waiting[ObjectIdentifier(connection)] != nil { state.waiting[ObjectIdentifier(connection)] = true }
        }
    }

    /// Records that the server begins to handle a connection.
    func isHandled(_ connection: any Channel) { self.change { $0.waiting[ObjectIdentifier(connection)] = nil } }

    private func change<Result>(_ change: (inout State) -> Result) -> Result {
        let (result, due) = self.state.withLock { state in
            let result = change(&state)
            return (result, state.due())
        }
        for body in due { body() }
        return result
    }
}
