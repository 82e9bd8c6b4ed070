// SPDX-License-Identifier: Apache-2.0

import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A log of the newest requests to the gateway in each namespace, including rejected requests.
public final class RequestLog: Sendable {
    /// A filter for requests.
    ///
    /// A request matches if it meets all conditions.
    public struct Filter: Sendable, Hashable {
        /// The response code, such as `SignatureDoesNotMatch`.
        public var code: String?
        /// The lower bound of the requests: an ID (exclusive) or a time (inclusive).
        public var since: InboxFilter.Since?
        /// The exclusive upper bound of the request's ID, for the next page of a list.
        public var before: Int?
        /// The namespace of the request; `nil` means any.
        public var namespace: String?

        /// Creates a filter.
        ///
        /// - Parameters:
        ///   - code: The response code.
        ///   - since: The lower bound of the requests: an ID (exclusive) or a time (inclusive).
        ///   - before: The exclusive upper bound of the request's ID, for the next page of a list.
        ///   - namespace: The namespace of the request; `nil` means any.
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

    /// Returns the requests that match a filter, newest first.
    ///
    /// - Parameters:
    ///   - filter: The filter.
    ///   - limit: The maximum number of requests.
    /// - Returns: The requests.
    public func records(_ filter: Filter = .init(), limit: Int = .max) -> [RequestRecord] {
        self.state.withLock { log in
            Array(log.newestFirst(in: filter.namespace).lazy.filter(filter.matches).prefix(max(0, limit)))
        }
    }

    /// Returns the request with an ID.
    ///
    /// - Parameters:
    ///   - id: The ID of the record.
    ///   - namespace: The required namespace; `nil` means any.
    /// - Returns: The request, or `nil` if the log does not contain the request.
    public func record(id: Int, namespace: String? = nil) -> RequestRecord? {
        self.state.withLock { log in log.index(id: id, in: namespace).map { log.elements[$0] } }
    }

    /// Returns the request to which the gateway assigned the given ID.
    ///
    /// - Parameters:
    ///   - requestID: The ID that the gateway assigned to the request.
    ///   - namespace: The required namespace; `nil` means any.
    /// - Returns: The request, or `nil` if the log does not contain the request.
    public func record(requestID: String, namespace: String? = nil) -> RequestRecord? {
        self.state.withLock { log in log.newestFirst(in: namespace).first { $0.requestID == requestID } }
    }

    /// Removes all requests.
    ///
    /// The IDs of removed requests are not reused.
    ///
    /// - Parameter namespace: The namespace whose requests are removed; `nil` means all.
    public func clear(namespace: String? = nil) {
        self.state.withLock { $0.removeAll(in: namespace) }
        self.events.publish(.cleared, InboxEvents.Cleared(requests: true, namespace: namespace), in: namespace)
    }

    /// The number of requests in each namespace, without empty namespaces.
    var counts: [String: Int] { self.state.withLock { $0.counts } }

    /// Appends a request.
    ///
    /// If the namespace of the request is full, the oldest request of this namespace is dropped.
    ///
    /// - Returns: The ID of the record.
    func append(_ draft: RequestRecord) -> Int {
        self.state.withLock { $0.append(draft).id }
    }

    /// Updates a request that is still in the log, and publishes the change.
    func update(_ id: Int, _ change: (inout RequestRecord) -> Void) {
        let record = self.state.withLock { log in log.index(id: id).map { log.update(at: $0, change) } }
        if let record { self.events.publish(.request, RequestSummary(record), in: record.namespace) }
    }
}
