// SPDX-License-Identifier: Apache-2.0

/// The report of one day: the counts of events by kind, region and number block.
public struct ReportDay: Sendable, Hashable {
    /// The maximum number of different events with a number block in a report.
    ///
    /// Above this maximum, new events are counted by region instead of by block.
    package static let mostBlocks = 1_000

    /// The number of days after which a ledger removes the counts of a day.
    package static let retention = 32

    /// The counts, keyed by event.
    public private(set) var counts: [ReportedEvent: Int]

    /// Creates the counts of a day.
    ///
    /// - Parameter counts: The counts, keyed by event.
    public init(_ counts: [ReportedEvent: Int] = [:]) {
        self.counts = counts
    }

    /// Adds counts to the report.
    ///
    /// A report contains at most 1,000 different events with a block, which is the beginning of a phone number. Further events
    /// are counted by region. The counts are added in the alphabetical order of the events, so that the result does not depend
    /// on the random order of the dictionary.
    ///
    /// - Parameter counts: The counts, keyed by event. A released send has the count -1, because it was counted before.
    public mutating func add(_ counts: [ReportedEvent: Int]) {
        var blocks = self.counts.keys.count { !$0.block.isEmpty }
        for (event, count) in Self.sorted(counts) {
            if self.counts[event] != nil || event.block.isEmpty {
                self.counts[event, default: 0] += count
            } else if blocks < Self.mostBlocks {
                self.counts[event] = count
                blocks += 1
            } else {
                self.counts[event.ofRegion, default: 0] += count
            }
        }
    }

    /// Returns the counts, sorted by the text forms of their events.
    package static func sorted(_ counts: [ReportedEvent: Int]) -> [(event: ReportedEvent, count: Int)] {
        counts.map { (text: $0.key.description, entry: (event: $0.key, count: $0.value)) }
            .sorted { $0.text < $1.text }
            .map(\.entry)
    }

    /// Returns the total count of a kind of event, over all regions and blocks.
    ///
    /// - Parameter kind: The kind.
    /// - Returns: The sum.
    public func total(_ kind: ReportedEvent.Kind) -> Int {
        self.counts.reduce(0) { $0 + ($1.key.kind == kind ? $1.value : 0) }
    }
}
