// SPDX-License-Identifier: Apache-2.0

/// A dictionary whose entries expire, and are removed a few at a time.
///
/// Expired entries remain until ``sweep(_:at:)`` examines them. A call of this method examines a limited number of entries, so
/// that no call takes long. The dictionary consists of many small hash tables, because resizing one large table would take
/// long.
struct ExpiringDictionary<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Entry: Sendable {
        let key: Key
        var value: Value
        var expiry: StoreTime
    }

    /// A hash table whose entries are contiguous, so that a cursor can move through them.
    private struct Part: Sendable {
        /// A part with this capacity or a smaller capacity does not release memory.
        private static var smallestToShrink: Int { 64 }

        private(set) var entries: [Entry] = []
        private var positions: [Key: Int] = [:]

        func value(_ key: Key) -> Value? {
            self.positions[key].map { self.entries[$0].value }
        }

        mutating func set(_ entry: Entry) {
            if let position = self.positions[entry.key] {
                self.entries[position] = entry
            } else {
                self.positions[entry.key] = self.entries.count
                self.entries.append(entry)
            }
        }

        mutating func remove(_ key: Key) {
            guard let position = self.positions.removeValue(forKey: key) else { return }
            // Moving the last entry to the position of the removed entry takes constant time.
            let last = self.entries.removeLast()
            if position < self.entries.count {
                self.entries[position] = last
                self.positions[last.key] = position
            }
            self.shrink()
        }

        /// Releases memory, because arrays and dictionaries do not shrink automatically.
        private mutating func shrink() {
            guard self.entries.capacity > Self.smallestToShrink, self.entries.count < self.entries.capacity / 4 else {
                return
            }
            self.entries = self.entries.map(\.self)
            var positions: [Key: Int] = [:]
            positions.reserveCapacity(self.entries.count)
            for (position, entry) in self.entries.enumerated() { positions[entry.key] = position }
            self.positions = positions
        }
    }

    private var parts: [Part]
    /// The position of the next entry to examine.
    private var cursor = (part: 0, position: 0)

    /// The number of entries, including expired entries that have not been removed.
    private(set) var count = 0

    /// Creates an empty dictionary.
    ///
    /// - Parameter parts: The number of parts, which must be a power of two.
    init(parts: Int = 256) {
        self.parts = Array(repeating: Part(), count: parts)
    }

    /// Returns the value for a key, even if the entry has expired.
    subscript(key: Key) -> Value? {
        self.parts[self.part(of: key)].value(key)
    }

    /// Sets the value for a key, and the expiry of the entry.
    mutating func set(_ value: Value, for key: Key, until expiry: StoreTime) {
        let part = self.part(of: key)
        let before = self.parts[part].entries.count
        self.parts[part].set(Entry(key: key, value: value, expiry: expiry))
        self.count += self.parts[part].entries.count - before
    }

    /// Removes the value for a key, if there is one.
    mutating func remove(_ key: Key) {
        let part = self.part(of: key)
        let before = self.parts[part].entries.count
        self.parts[part].remove(key)
        self.count += self.parts[part].entries.count - before
    }

    /// Examines the next entries, and removes expired entries.
    ///
    /// - Parameters:
    ///   - limit: The number of entries to examine. A move to the next part of the dictionary counts as one entry.
    ///   - now: The current time.
    /// - Returns: The number of removed entries.
    @discardableResult
    mutating func sweep(_ limit: Int, at now: StoreTime) -> Int {
        let before = self.count
        for _ in 0..<limit where self.count > 0 {
            guard self.cursor.position < self.parts[self.cursor.part].entries.count else {
                self.cursor = ((self.cursor.part + 1) % self.parts.count, 0)
                continue
            }
            let entry = self.parts[self.cursor.part].entries[self.cursor.position]
            if entry.expiry > now {
                self.cursor.position += 1
            } else {
                // The last entry moves to the position of the removed entry, and is examined next.
                self.remove(entry.key)
            }
        }
        return before - self.count
    }

    private func part(of key: Key) -> Int {
        key.hashValue & (self.parts.count - 1)
    }
}
