// SPDX-License-Identifier: Apache-2.0

import JSONOutput
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Broadcasts inbox events to readers.
///
/// Each reader has a bounded queue. A slow reader is disconnected when its queue is full.
///
/// A shared replay buffer contains the latest events. If a reconnecting reader sends the ID of the last event that it received,
/// the missed events are sent first.
final class InboxEvents: Sendable {
    /// The kinds of events.
    enum Kind: String, Sendable {
        /// A message was accepted.
        case message
        /// The status of a message changed.
        case status
        /// The gateway responded to a request.
        case request
        /// Messages or requests were removed.
        case cleared
        /// A reconnecting reader lost events, so the reader must reload everything.
        case reset
    }

    /// A published event.
    struct Event: Sendable, Hashable {
        /// The ID, which increases with each event.
        var id: Int
        var kind: Kind
        /// The namespace of the event; `nil` if the event concerns all namespaces.
        var namespace: String?
        /// The content of the event, as one line of JSON.
        var data: String
    }

    /// An item in the queue of a reader.
    enum Item: Sendable, Hashable {
        case event(Event)
        /// A keep-alive comment.
        case ping
    }

    /// The content of a ``Kind/cleared`` event.
    struct Cleared: Encodable, Sendable {
        var messages = false
        var requests = false
        /// The ID of the removed message if a single message was removed; otherwise `nil`.
        var message: Int?
        /// The namespace that was cleared; `nil` if all namespaces were cleared or a single message was removed.
        var namespace: String?
    }

    /// The error for a reader that exceeds the limit on readers.
    struct TooManyReaders: Error {}

    /// A reader and its queue.
    struct Reader: Sendable {
        let id: Int
        let items: AsyncStream<Item>
        let ping: @Sendable () -> Void
    }

    private struct Watcher {
        var namespace: String?
        var continuation: AsyncStream<Item>.Continuation
    }

    private struct State {
        var lastID: Int
        var ring: [Event] = []
        var ringSize = 0
        var readers: [Int: Watcher] = [:]
        /// The namespaces of slow readers that are being disconnected, keyed by the ID of the reader.
        ///
        /// Such a reader counts toward the limits until its connection is closed.
        var cutOff: [Int: String?] = [:]
        var lastReaderID = 0

        var readerCount: Int { self.readers.count + self.cutOff.count }

        func readerCount(in namespace: String?) -> Int {
            self.readers.count { $0.value.namespace == namespace } + self.cutOff.count { $0.value == namespace }
        }

        /// Appends an event, and drops the oldest events if a limit is exceeded.
        mutating func append(_ event: Event, capacity: Int, longestReplay: Int) {
            self.ring.append(event)
            self.ringSize += event.data.utf8.count
            while self.ring.count > capacity || (self.ringSize > longestReplay && self.ring.count > 1) {
                self.ringSize -= self.ring.removeFirst().data.utf8.count
            }
        }
    }

    /// The total limit on readers, as a multiple of the limit per namespace.
    private static let totalFactor = 8

    private let capacity: Int
    private let longestReplay: Int
    private let queueLength: Int
    private let mostReaders: Int
    private let state: Mutex<State>

    /// Creates the event broadcaster of an inbox.
    ///
    /// - Parameters:
    ///   - capacity: The maximum number of events in the replay buffer.
    ///   - longestReplay: The maximum size of the replay buffer in bytes.
    ///   - queueLength: The number of events that a reader's queue can contain in addition to a full replay buffer. If the
    ///     queue is full, the reader is disconnected.
    ///   - mostReaders: The maximum number of concurrent readers per namespace. The same limit applies to the total number of
    ///     readers without a namespace.
    init(capacity: Int = 256, longestReplay: Int = 2 * 1024 * 1024, queueLength: Int = 256, mostReaders: Int = 32) {
        self.capacity = capacity
        self.longestReplay = longestReplay
        self.queueLength = queueLength
        self.mostReaders = mostReaders
        // IDs start at the current time, so a reader can distinguish the events after a restart from the events before.
        self.state = Mutex(State(lastID: Int(Date().timeIntervalSince1970 * 1000)))
    }

    /// The number of readers, including slow readers that are being disconnected.
    var readerCount: Int { self.state.withLock { $0.readerCount } }

    /// Publishes an event.
    ///
    /// - Parameters:
    ///   - kind: The kind of event.
    ///   - value: The content.
    ///   - namespace: The namespace of the event; `nil` if the event concerns all namespaces.
    func publish(_ kind: Kind, _ value: some Encodable, in namespace: String? = nil) {
        guard let data = try? JSONEncoder.compact.encode(value) else { return }
        let text = String(decoding: data, as: UTF8.self)
        let slow = self.state.withLock { state -> [AsyncStream<Item>.Continuation] in
            state.lastID += 1
            let event = Event(id: state.lastID, kind: kind, namespace: namespace, data: text)
            state.append(event, capacity: self.capacity, longestReplay: self.longestReplay)
            var slow: [AsyncStream<Item>.Continuation] = []
            for (id, reader) in state.readers where event.concerns(reader.namespace) {
                guard case .enqueued = reader.continuation.yield(.event(event)) else {
                    state.readers[id] = nil
                    state.cutOff[id] = .some(reader.namespace)
                    slow.append(reader.continuation)
                    continue
                }
            }
            return slow
        }
        for reader in slow { reader.finish() }
    }

    /// Adds a reader.
    ///
    /// - Parameters:
    ///   - lastID: The ID of the last event that a reconnecting reader received; `nil` for a new reader.
    ///   - namespace: The namespace to read; `nil` selects all namespaces.
    /// - Returns: A reader, whose queue starts with the missed events. The caller must remove the reader after use.
    /// - Throws: ``TooManyReaders`` if the limit on readers is reached.
    func read(after lastID: Int?, in namespace: String? = nil) throws(TooManyReaders) -> Reader {
        let (items, continuation) = AsyncStream.makeStream(
            of: Item.self,
            bufferingPolicy: .bufferingOldest(self.capacity + self.queueLength)
        )
        let id = self.state.withLock { state -> Int? in
            guard state.readerCount(in: namespace) < self.mostReaders,
                state.readerCount < self.mostReaders * Self.totalFactor
            else { return nil }
            for event in Self.missed(after: lastID, in: state) where event.concerns(namespace) {
                continuation.yield(.event(event))
            }
            state.lastReaderID += 1
            state.readers[state.lastReaderID] = Watcher(namespace: namespace, continuation: continuation)
            return state.lastReaderID
        }
        guard let id else { throw TooManyReaders() }
        return Reader(id: id, items: items, ping: { continuation.yield(.ping) })
    }

    /// Removes a reader.
    func remove(_ reader: Reader) {
        let watcher = self.state.withLock { state in
            state.cutOff.removeValue(forKey: reader.id)
            return state.readers.removeValue(forKey: reader.id)
        }
        watcher?.continuation.finish()
    }

    private static func missed(after lastID: Int?, in state: State) -> [Event] {
        guard let lastID, lastID != state.lastID else { return [] }
        // A gap between the reader's last event and the replay buffer means that the reader lost events.
        guard let first = state.ring.first, (first.id - 1..<state.lastID).contains(lastID) else {
            return [Event(id: state.lastID, kind: .reset, data: "{}")]
        }
        return state.ring.filter { $0.id > lastID }
    }
}

extension InboxEvents.Event {
    /// Returns whether a reader of a namespace receives the event.
    ///
    /// A reader of all namespaces has the namespace `nil`.
    func concerns(_ reader: String?) -> Bool {
        reader == nil || self.namespace == nil || reader == self.namespace
    }
}
