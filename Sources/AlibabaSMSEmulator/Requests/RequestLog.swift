import FoundationEssentials
import Synchronization

/// The requests that the gateway got, refused ones too; the newest ones only.
public final class RequestLog: Sendable {
    /// Which requests are asked for; all conditions must hold.
    public struct Filter: Sendable, Hashable {
        /// The code of the answer, such as `SignatureDoesNotMatch`.
        public var code: String?
        /// After what the request must have come: the number of another one, or a time.
        public var since: InboxFilter.Since?
        /// Before which number it must have come.
        public var before: Int?

        /// Creates a filter.
        ///
        /// - Parameters:
        ///   - code: The code of the answer.
        ///   - since: After what the request must have come.
        ///   - before: Before which number it must have come.
        public init(code: String? = nil, since: InboxFilter.Since? = nil, before: Int? = nil) {
            self.code = code
            self.since = since
            self.before = before
        }

        func matches(_ record: RequestRecord) -> Bool {
            if let code = self.code, record.code != code { return false }
            if let before = self.before, record.id >= before { return false }
            switch self.since {
            case .message(let id): return record.id > id
            case .time(let date): return record.receivedAt >= date
            case nil: return true
            }
        }
    }

    private struct State {
        var ring: [RequestRecord] = []
        var lastID = 0
    }

    private let capacity: Int
    private let events: InboxEvents
    private let state = Mutex(State())

    init(capacity: Int, events: InboxEvents = InboxEvents()) {
        self.capacity = max(1, capacity)
        self.events = events
    }

    /// The requests that a filter lets through, newest first.
    ///
    /// - Parameters:
    ///   - filter: Which requests.
    ///   - limit: How many at most.
    /// - Returns: The requests.
    public func records(_ filter: Filter = .init(), limit: Int = .max) -> [RequestRecord] {
        self.state.withLock { Array($0.ring.reversed().lazy.filter(filter.matches).prefix(max(0, limit))) }
    }

    /// The request with a number, if it is still there.
    public func record(id: Int) -> RequestRecord? {
        self.state.withLock { $0.ring.first { $0.id == id } }
    }

    /// The request with the gateway's identifier, if it is still there.
    public func record(requestID: String) -> RequestRecord? {
        self.state.withLock { $0.ring.last { $0.requestID == requestID } }
    }

    /// Removes all requests; their numbers are not used again.
    public func clear() {
        self.state.withLock { $0.ring.removeAll() }
        self.events.publish(.cleared, InboxEvents.Cleared(requests: true))
    }

    /// Puts a request in, and drops the oldest one if there is no room.
    ///
    /// - Returns: Its number.
    func append(_ draft: RequestRecord) -> Int {
        self.state.withLock { state in
            state.lastID += 1
            var record = draft
            record.id = state.lastID
            if state.ring.count == self.capacity { state.ring.removeFirst() }
            state.ring.append(record)
            return record.id
        }
    }

    /// Changes a request if it is still there, and tells those who watch.
    func update(_ id: Int, _ change: (inout RequestRecord) -> Void) {
        let record = self.state.withLock { state -> RequestRecord? in
            guard let index = state.ring.lastIndex(where: { $0.id == id }) else { return nil }
            change(&state.ring[index])
            return state.ring[index]
        }
        if let record { self.events.publish(.request, RequestSummary(record)) }
    }
}
