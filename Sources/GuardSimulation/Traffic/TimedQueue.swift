// SPDX-License-Identifier: Apache-2.0

/// Elements in the order of their times; equal times keep the order of insertion.
struct TimedQueue<Element> {
    /// The latest element first.
    private var entries: [(time: Int, element: Element)] = []

    mutating func insert(_ element: Element, at time: Int) {
        // Codes are verified within minutes, so few elements wait. A new element is usually one of the latest, and its position
        // is near the start.
        var position = 0
        while position < self.entries.count, self.entries[position].time > time { position += 1 }
        self.entries.insert((time, element), at: position)
    }

    /// Removes the earliest element if it is due.
    mutating func next(until time: Int) -> (time: Int, element: Element)? {
        guard let last = self.entries.last, last.time <= time else { return nil }
        return self.entries.removeLast()
    }
}
