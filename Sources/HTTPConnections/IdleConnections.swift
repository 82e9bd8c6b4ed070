// SPDX-License-Identifier: Apache-2.0

package import NIOCore

/// The idle connections of a server, which the server closes early if it has too many connections.
///
/// Otherwise, a client could open many connections, send nothing, and block other clients until the timeout.
package struct IdleConnections: Sendable {
    private let lists: [ObjectIdentifier: (eventLoop: any EventLoop, list: NIOLoopBoundBox<IdleList>)]

    /// Creates an empty list for each event loop of a group.
    package init(_ group: any EventLoopGroup) {
        self.lists = group.makeIterator()
            .reduce(into: [:]) { lists, eventLoop in
                let list = NIOLoopBoundBox.makeBoxSendingValue(IdleList(), eventLoop: eventLoop)
                lists[ObjectIdentifier(eventLoop)] = (eventLoop, list)
            }
    }

    /// Returns the list of an event loop; `nil` if the event loop does not belong to the group.
    ///
    /// The caller must be on this event loop.
    func list(of eventLoop: any EventLoop) -> IdleList? { self.lists[ObjectIdentifier(eventLoop)]?.list.value }

    /// Closes the connections that have been idle for the longest time.
    ///
    /// - Parameter count: The maximum number of connections that each event loop closes.
    package func closeOldest(_ count: Int) {
        for (eventLoop, list) in self.lists.values {
            eventLoop.execute { list.value.closeOldest(count) }
        }
    }
}

/// The idle connections of one event loop, ordered by the start of their idle time.
///
/// A linked list, because each request removes its connection and appends it again.
final class IdleList {
    /// The node of one connection in the linked list.
    final class Entry {
        fileprivate var previous: Entry?
        fileprivate var next: Entry?
        fileprivate var isListed = false
        fileprivate let close: () -> Void

        /// Creates an entry that does not belong to a list.
        init(close: @escaping () -> Void) { self.close = close }
    }

    private var first: Entry?
    private var last: Entry?

    /// Whether the last call of ``closeOldest(_:)`` found no idle connection.
    ///
    /// If so, and while the server is full, the event loop closes each connection that has completed a response.
    private(set) var owesRoom = false

    /// Appends an entry if the list does not contain it.
    func append(_ entry: Entry) {
        guard !entry.isListed else { return }
        entry.isListed = true
        entry.previous = self.last
        self.last?.next = entry
        self.last = entry
        if self.first == nil { self.first = entry }
    }

    /// Removes an entry if the list contains it.
    func remove(_ entry: Entry) {
        guard entry.isListed else { return }
        entry.isListed = false
        if self.first === entry { self.first = entry.next }
        if self.last === entry { self.last = entry.previous }
        entry.previous?.next = entry.next
        entry.next?.previous = entry.previous
        (entry.previous, entry.next) = (nil, nil)
    }

    /// Closes at most `count` connections, beginning with the longest idle time.
    func closeOldest(_ count: Int) {
        self.owesRoom = self.first == nil
        for _ in 0..<count {
            guard let entry = self.first else { return }
            self.remove(entry)
            entry.close()
        }
    }
}
