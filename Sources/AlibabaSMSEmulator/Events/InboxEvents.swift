import FoundationEssentials
import JSONOutput
import Synchronization

/// What happens in the inbox, for those who watch: the latest events, and a bounded queue for each reader.
///
/// A reader that is too slow is cut off instead of being waited for; it comes back with the number of its last event.
final class InboxEvents: Sendable {
    /// What can happen.
    enum Kind: String, Sendable {
        /// A message came.
        case message
        /// A message changed.
        case status
        /// A request to the gateway was answered.
        case request
        /// Messages or requests were removed.
        case cleared
        /// Events were lost: whoever watches has to read everything again.
        case reset
    }

    /// An event as it is sent.
    struct Event: Sendable, Hashable {
        /// The number of the event; later ones have greater ones.
        var id: Int
        var kind: Kind
        /// The namespace whose readers get the event; `nil` is every one.
        var namespace: String?
        /// One line of JSON.
        var data: String
    }

    /// What a reader gets.
    enum Item: Sendable, Hashable {
        case event(Event)
        /// Nothing, to show that the connection stands.
        case ping
    }

    /// What was removed.
    struct Cleared: Encodable, Sendable {
        var messages = false
        var requests = false
        /// The number of the one message that was removed.
        var message: Int?
        /// The namespace from which messages or requests were removed; nothing if it was every one.
        var namespace: String?
    }

    /// There are as many readers as are allowed.
    struct TooManyReaders: Error {}

    /// A reader and what waits for it.
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
        /// The namespaces of those that were too slow; they keep their places until they are gone, or their number had
        /// no bound.
        var cutOff: [Int: String?] = [:]
        var lastReaderID = 0

        var readerCount: Int { self.readers.count + self.cutOff.count }

        func readerCount(in namespace: String?) -> Int {
            self.readers.count { $0.value.namespace == namespace } + self.cutOff.count { $0.value == namespace }
        }

        /// Appends an event, and drops old ones where there is no room.
        mutating func append(_ event: Event, capacity: Int, longestReplay: Int) {
            self.ring.append(event)
            self.ringSize += event.data.utf8.count
            while self.ring.count > capacity || (self.ringSize > longestReplay && self.ring.count > 1) {
                self.ringSize -= self.ring.removeFirst().data.utf8.count
            }
        }
    }

    /// All namespaces together have so many times as many readers as one.
    private static let namespacesWorth = 8

    private let capacity: Int
    private let longestReplay: Int
    private let queueLength: Int
    private let mostReaders: Int
    private let state: Mutex<State>

    /// Creates the events of an inbox.
    ///
    /// - Parameters:
    ///   - capacity: How many events are remembered for readers that come back.
    ///   - longestReplay: How many bytes of them.
    ///   - queueLength: How many events wait for a reader before it is cut off.
    ///   - mostReaders: How many may read a namespace, or all of them, at the same time.
    init(capacity: Int = 256, longestReplay: Int = 2 * 1024 * 1024, queueLength: Int = 256, mostReaders: Int = 32) {
        self.capacity = capacity
        self.longestReplay = longestReplay
        self.queueLength = queueLength
        self.mostReaders = mostReaders
        // A reader of a former emulator at this address must not take our events for those that follow its own.
        self.state = Mutex(State(lastID: Int(Date().timeIntervalSince1970 * 1000)))
    }

    /// The number of readers.
    var readerCount: Int { self.state.withLock { $0.readerCount } }

    /// Publishes an event.
    ///
    /// - Parameters:
    ///   - kind: What happened.
    ///   - value: The data.
    ///   - namespace: The namespace in which it happened; `nil` is every one.
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
    ///   - lastID: The last event that the reader has seen, if it comes back.
    ///   - namespace: The namespace whose events it gets; `nil` is every one.
    /// - Returns: A reader, to be removed at the end; it gets what it missed first.
    /// - Throws: ``TooManyReaders``
    func read(after lastID: Int?, in namespace: String? = nil) throws(TooManyReaders) -> Reader {
        let (items, continuation) = AsyncStream.makeStream(
            of: Item.self,
            bufferingPolicy: .bufferingOldest(self.capacity + self.queueLength)
        )
        let id = self.state.withLock { state -> Int? in
            guard state.readerCount(in: namespace) < self.mostReaders,
                state.readerCount < self.mostReaders * Self.namespacesWorth
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
        // The event after the last one has to be there still, or others were lost.
        guard let first = state.ring.first, (first.id - 1..<state.lastID).contains(lastID) else {
            return [Event(id: state.lastID, kind: .reset, data: "{}")]
        }
        return state.ring.filter { $0.id > lastID }
    }
}

extension InboxEvents.Event {
    /// Whether the readers of a namespace get the event; `nil` are those of every one.
    func concerns(_ reader: String?) -> Bool {
        reader == nil || self.namespace == nil || reader == self.namespace
    }
}
