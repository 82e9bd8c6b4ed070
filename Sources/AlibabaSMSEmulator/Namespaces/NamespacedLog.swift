// SPDX-License-Identifier: Apache-2.0

/// A log entry that belongs to a namespace.
protocol NamespaceMember: Sendable, Identifiable where ID == Int {
    var id: Int { get set }
    var namespace: String { get }
}

/// A log of the newest entries of each namespace, oldest first.
///
/// A new entry in a full namespace replaces the oldest entry of this namespace. The total capacity is ten times the capacity of
/// one namespace. If the whole log is full, the largest namespace drops its oldest entry.
struct NamespacedLog<Element: NamespaceMember>: Sendable {
    private static var totalFactor: Int { 10 }

    /// The entries, oldest first.
    private(set) var elements: [Element] = []

    /// The number of entries in each namespace that is not empty.
    private(set) var counts: [String: Int] = [:]

    /// The highest ID assigned so far.
    private(set) var lastID = 0

    private let capacity: Int
    private let totalCapacity: Int

    /// Creates a log.
    ///
    /// - Parameter capacity: The maximum number of entries in a namespace. Values below 1 count as 1.
    init(capacity: Int) {
        self.capacity = max(1, capacity)
        let (total, overflows) = self.capacity.multipliedReportingOverflow(by: Self.totalFactor)
        self.totalCapacity = overflows ? .max : total
    }

    /// Assigns the next ID to an entry and appends it.
    mutating func append(_ draft: Element) -> Element {
        var element = draft
        self.lastID += 1
        element.id = self.lastID
        if self.counts[element.namespace, default: 0] >= self.capacity {
            self.removeOldest(of: element.namespace)
        } else if self.elements.count >= self.totalCapacity,
            let largest = self.counts.max(by: { $0.value < $1.value })?.key
        {
            self.removeOldest(of: largest)
        }
        self.elements.append(element)
        self.counts[element.namespace, default: 0] += 1
        return element
    }

    /// Returns the entries of a namespace, or of all namespaces, newest first.
    func newestFirst(in namespace: String? = nil) -> some Sequence<Element> {
        self.elements.reversed().lazy.filter { namespace == nil || $0.namespace == namespace }
    }

    /// Returns the index of the entry with an ID.
    ///
    /// Returns `nil` if the log has no such entry, or if the entry is not in the given namespace.
    func index(id: Int, in namespace: String? = nil) -> Int? {
        var range = self.elements.startIndex..<self.elements.endIndex
        while let middle = range.isEmpty ? nil : range.lowerBound + range.count / 2 {
            if self.elements[middle].id == id {
                return namespace == nil || self.elements[middle].namespace == namespace ? middle : nil
            }
            range = self.elements[middle].id < id ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return nil
    }

    /// Returns the index of the newest entry that satisfies a predicate.
    func lastIndex(where predicate: (Element) -> Bool) -> Int? { self.elements.lastIndex(where: predicate) }

    /// Updates an entry.
    ///
    /// The closure must not change the entry's ID or namespace.
    mutating func update(at index: Int, _ change: (inout Element) -> Void) -> Element {
        change(&self.elements[index])
        return self.elements[index]
    }

    /// Removes the entries of a namespace, or of all namespaces.
    mutating func removeAll(in namespace: String? = nil) {
        guard let namespace else {
            self.elements.removeAll()
            self.counts.removeAll()
            return
        }
        self.elements.removeAll { $0.namespace == namespace }
        self.counts[namespace] = nil
    }

    /// Removes and returns an entry.
    mutating func remove(at index: Int) -> Element {
        let element = self.elements.remove(at: index)
        let count = self.counts[element.namespace, default: 1] - 1
        self.counts[element.namespace] = count > 0 ? count : nil
        return element
    }

    private mutating func removeOldest(of namespace: String) {
        guard let index = self.elements.firstIndex(where: { $0.namespace == namespace }) else { return }
        _ = self.remove(at: index)
    }
}
