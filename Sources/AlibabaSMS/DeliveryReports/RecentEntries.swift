// SPDX-License-Identifier: Apache-2.0

/// A bounded dictionary that keeps the most recent entries.
///
/// The dictionary has two generations. New entries belong to the newer generation. When the newer generation reaches half of
/// the capacity or half of the maximum size, the entries of the older generation are dropped. The newer generation then
/// becomes the older generation.
struct RecentEntries<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let half: Int
    private let halfSize: Int
    private let size: @Sendable (Key, Value) -> Int
    private var newer: [Key: Value] = [:]
    private var older: [Key: Value] = [:]
    private var newerSize = 0

    /// Creates an empty dictionary.
    ///
    /// - Parameters:
    ///   - capacity: The maximum number of entries.
    ///   - maximumSize: The maximum total size of all entries, in the unit of `size`. A very large entry can exceed this
    ///     limit.
    ///   - size: A closure that returns the size of an entry.
    init(
        capacity: Int,
        maximumSize: Int = .max,
        size: @escaping @Sendable (Key, Value) -> Int = { _, _ in 0 }
    ) {
        self.half = max(1, capacity / 2)
        self.halfSize = max(1, maximumSize / 2)
        self.size = size
    }

    var count: Int { self.newer.count + self.older.count }

    subscript(key: Key) -> Value? {
        get { self.newer[key] ?? self.older[key] }
        set {
            self.older[key] = nil
            if let previous = self.newer.removeValue(forKey: key) { self.newerSize -= self.size(key, previous) }
            guard let newValue else { return }
            let size = self.size(key, newValue)
            if !self.newer.isEmpty, self.newerSize + size > self.halfSize { self.age() }
            self.newer[key] = newValue
            self.newerSize += size
            if self.newer.count >= self.half { self.age() }
        }
    }

    private mutating func age() {
        self.older = self.newer
        self.newer = [:]
        self.newerSize = 0
    }
}
