// SPDX-License-Identifier: Apache-2.0

import HeapModule

/// A priority queue of values with deadlines.
///
/// Insertions and pops take logarithmic time. A removal before the deadline takes amortized constant time, because it only
/// leaves an empty place. The heap is rebuilt when more than half of its places are empty.
package struct DeadlineHeap<Time: Comparable & Sendable, Value: Sendable>: Sendable {
    /// The identifier of a value in the heap.
    ///
    /// Identifiers increase with each insertion.
    package typealias ID = UInt64

    private struct Place: Comparable, Sendable {
        var time: Time
        var id: ID

        /// Returns whether one value is popped before another.
        ///
        /// Values with equal deadlines are popped in the order of insertion.
        static func < (left: Self, right: Self) -> Bool {
            left.time == right.time ? left.id < right.id : left.time < right.time
        }
    }

    /// The number of places up to which the heap is never rebuilt.
    ///
    /// A place is empty if its value was removed. A rebuild drops the empty places.
    private static var smallestToRebuild: Int { 64 }

    private var places = Heap<Place>()
    private var values: [ID: Value] = [:]

    /// The identifier of the last inserted value; 0 before the first insertion.
    package private(set) var lastID: ID = 0

    /// Creates an empty heap.
    package init() {}

    /// The number of values.
    package var count: Int { self.values.count }

    /// The earliest deadline; `nil` if the heap is empty.
    package var earliest: Time? {
        // The first place is never empty, because every mutation removes empty places from the top.
        self.places.min?.time
    }

    /// Inserts a value, and returns its identifier.
    @discardableResult
    package mutating func insert(_ value: Value, at time: Time) -> ID {
        self.lastID += 1
        self.values[self.lastID] = value
        self.places.insert(Place(time: time, id: self.lastID))
        return self.lastID
    }

    /// Removes and returns a value; `nil` if the heap does not contain the value.
    package mutating func remove(_ id: ID) -> Value? {
        guard let value = self.values.removeValue(forKey: id) else { return nil }
        self.dropEmptyPlaces()
        return value
    }

    /// Removes and returns the value with the earliest deadline; `nil` if this deadline has not passed, or if the heap is
    /// empty.
    package mutating func pop(at now: Time) -> Value? {
        guard let first = self.places.min, first.time <= now else { return nil }
        self.places.removeMin()
        let value = self.values.removeValue(forKey: first.id)
        self.dropEmptyPlaces()
        return value
    }

    /// Removes and returns all values whose deadlines have passed, earliest first.
    package mutating func popAll(at now: Time) -> [Value] {
        var due: [Value] = []
        while let value = self.pop(at: now) { due.append(value) }
        return due
    }

    /// Removes and returns all values, in no particular order.
    package mutating func removeAll() -> [Value] {
        defer {
            self.places = Heap()
            self.values = [:]
        }
        return Array(self.values.values)
    }

    private mutating func dropEmptyPlaces() {
        while let first = self.places.min, self.values[first.id] == nil { self.places.removeMin() }
        guard self.places.count > Self.smallestToRebuild, self.places.count > 2 * self.values.count else { return }
        self.places = Heap(self.places.unordered.filter { self.values[$0.id] != nil })
    }
}
