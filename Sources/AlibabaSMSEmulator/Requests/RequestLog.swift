import FoundationEssentials
import Synchronization

/// The requests that the gateway got, refused ones too; the newest ones of each namespace only.
public final class RequestLog: Sendable {
    /// Which requests are asked for; all conditions must hold.
    public struct Filter: Sendable, Hashable {
        /// The code of the answer, such as `SignatureDoesNotMatch`.
        public var code: String?
        /// After what the request must have come: the number of another one, or a time.
        public var since: InboxFilter.Since?
        /// Before which number it must have come.
        public var before: Int?
        /// The namespace in which it must be; `nil` is any.
        public var namespace: String?

        /// Creates a filter.
        ///
        /// - Parameters:
        ///   - code: The code of the answer.
        ///   - since: After what the request must have come.
        ///   - before: Before which number it must have come.
        ///   - namespace: The namespace in which it must be.
        public init(
            code: String? = nil,
            since: InboxFilter.Since? = nil,
            before: Int? = nil,
            namespace: String? = nil
        ) {
            self.code = code
            self.since = since
            self.before = before
            self.namespace = namespace
        }

        func matches(_ record: RequestRecord) -> Bool {
            if let namespace = self.namespace, record.namespace != namespace { return false }
            if let code = self.code, record.code != code { return false }
            if let before = self.before, record.id >= before { return false }
            switch self.since {
            case .message(let id): return record.id > id
            case .time(let date): return record.receivedAt >= date
            case nil: return true
            }
        }
    }

    private let events: InboxEvents
    private let state: Mutex<NamespacedLog<RequestRecord>>

    init(capacity: Int, events: InboxEvents = InboxEvents()) {
        self.state = Mutex(NamespacedLog(capacity: capacity))
        self.events = events
    }

    /// The requests that a filter lets through, newest first.
    ///
    /// - Parameters:
    ///   - filter: Which requests.
    ///   - limit: How many at most.
    /// - Returns: The requests.
    public func records(_ filter: Filter = .init(), limit: Int = .max) -> [RequestRecord] {
        self.state.withLock { log in
            Array(log.newestFirst(in: filter.namespace).lazy.filter(filter.matches).prefix(max(0, limit)))
        }
    }

    /// The request with a number, if it is still there.
    ///
    /// - Parameters:
    ///   - id: The number.
    ///   - namespace: The namespace in which it must be; `nil` is any.
    /// - Returns: The request.
    public func record(id: Int, namespace: String? = nil) -> RequestRecord? {
        self.state.withLock { log in log.index(id: id, in: namespace).map { log.elements[$0] } }
    }

    /// The request with the gateway's identifier, if it is still there.
    ///
    /// - Parameters:
    ///   - requestID: The identifier.
    ///   - namespace: The namespace in which it must be; `nil` is any.
    /// - Returns: The request.
    public func record(requestID: String, namespace: String? = nil) -> RequestRecord? {
        self.state.withLock { log in log.newestFirst(in: namespace).first { $0.requestID == requestID } }
    }

    /// Removes all requests; their numbers are not used again.
    ///
    /// - Parameter namespace: The namespace whose requests are removed; `nil` is every one.
    public func clear(namespace: String? = nil) {
        self.state.withLock { $0.removeAll(in: namespace) }
        self.events.publish(.cleared, InboxEvents.Cleared(requests: true, namespace: namespace), in: namespace)
    }

    /// The number of requests in each namespace that has any.
    var counts: [String: Int] { self.state.withLock { $0.counts } }

    /// Puts a request in, and drops the oldest one if there is no room.
    ///
    /// - Returns: Its number.
    func append(_ draft: RequestRecord) -> Int {
        self.state.withLock { $0.append(draft).id }
    }

    /// Changes a request if it is still there, and tells those who watch.
    func update(_ id: Int, _ change: (inout RequestRecord) -> Void) {
        let record = self.state.withLock { log in log.index(id: id).map { log.update(at: $0, change) } }
        if let record { self.events.publish(.request, RequestSummary(record), in: record.namespace) }
    }
}
