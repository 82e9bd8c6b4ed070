import FoundationEssentials
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
    }

    /// There are as many readers as are allowed.
    struct TooManyReaders: Error {}

    /// A reader and what waits for it.
    struct Reader: Sendable {
        let id: Int
        let items: AsyncStream<Item>
        let ping: @Sendable () -> Void
    }

    private struct State {
        var lastID: Int
        var ring: [Event] = []
        var ringSize = 0
        var readers: [Int: AsyncStream<Item>.Continuation] = [:]
        /// Those that were too slow; they keep their places until they are gone, or their number had no bound.
        var cutOff: Set<Int> = []
        var lastReaderID = 0
    }

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
    ///   - mostReaders: How many may read at once.
    init(capacity: Int = 256, longestReplay: Int = 2 * 1024 * 1024, queueLength: Int = 256, mostReaders: Int = 32) {
        self.capacity = capacity
        self.longestReplay = longestReplay
        self.queueLength = queueLength
        self.mostReaders = mostReaders
        // A reader of a former emulator at this address must not take our events for those that follow its own.
        self.state = Mutex(State(lastID: Int(Date().timeIntervalSince1970 * 1000)))
    }

    /// The number of readers.
    var readerCount: Int { self.state.withLock { $0.readers.count + $0.cutOff.count } }

    /// Tells everyone of something.
    func publish(_ kind: Kind, _ value: some Encodable) {
        guard let data = try? JSONEncoder.inbox.encode(value) else { return }
        let text = String(decoding: data, as: UTF8.self)
        let slow = self.state.withLock { state -> [AsyncStream<Item>.Continuation] in
            state.lastID += 1
            let event = Event(id: state.lastID, kind: kind, data: text)
            state.ring.append(event)
            state.ringSize += text.utf8.count
            while state.ring.count > self.capacity || (state.ringSize > self.longestReplay && state.ring.count > 1) {
                state.ringSize -= state.ring.removeFirst().data.utf8.count
            }
            var slow: [AsyncStream<Item>.Continuation] = []
            for (id, reader) in state.readers {
                guard case .enqueued = reader.yield(.event(event)) else {
                    state.readers[id] = nil
                    state.cutOff.insert(id)
                    slow.append(reader)
                    continue
                }
            }
            return slow
        }
        for reader in slow { reader.finish() }
    }

    /// Lets someone watch.
    ///
    /// - Parameter lastID: The last event that the reader has seen, if it comes back.
    /// - Returns: A reader, to be removed at the end; it gets what it missed first.
    /// - Throws: ``TooManyReaders``
    func read(after lastID: Int?) throws(TooManyReaders) -> Reader {
        let (items, continuation) = AsyncStream.makeStream(
            of: Item.self,
            bufferingPolicy: .bufferingOldest(self.capacity + self.queueLength)
        )
        let id = self.state.withLock { state -> Int? in
            guard state.readers.count + state.cutOff.count < self.mostReaders else { return nil }
            for event in Self.missed(after: lastID, in: state) { continuation.yield(.event(event)) }
            state.lastReaderID += 1
            state.readers[state.lastReaderID] = continuation
            return state.lastReaderID
        }
        guard let id else { throw TooManyReaders() }
        return Reader(id: id, items: items, ping: { continuation.yield(.ping) })
    }

    /// Lets a reader go.
    func remove(_ reader: Reader) {
        let continuation = self.state.withLock { state in
            state.cutOff.remove(reader.id)
            return state.readers.removeValue(forKey: reader.id)
        }
        continuation?.finish()
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
