// SPDX-License-Identifier: Apache-2.0

/// A queue of elements, sorted by time.
///
/// Elements with equal times keep the order of insertion.
struct TimedQueue<Element> {
    /// The elements in descending order of time.
    private var entries: [(time: Int, element: Element)] = []

    mutating func insert(_ element: Element, at time: Int) {
        // A linear search is fast, because the queue is short, and a new element usually belongs near the start.
        var position = 0
        while position < self.entries.count, self.entries[position].time > time { position += 1 }
        self.entries.insert((time, element), at: position)
    }

    /// Removes and returns the earliest element; `nil` if the queue is empty, or if the element's time has not been reached.
    mutating func next(until time: Int) -> (time: Int, element: Element)? {
        guard let last = self.entries.last, last.time <= time else { return nil }
        return self.entries.removeLast()
    }
}
