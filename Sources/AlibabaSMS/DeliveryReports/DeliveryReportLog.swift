// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A bounded log of the most recent delivery reports, which also detects duplicates.
///
/// The gateway may push a report more than once. Reports with the same message ID and the same status are duplicates. The log
/// remembers the message IDs and the statuses of at most `capacity` reports. A duplicate of a report that the log no longer
/// remembers counts as new.
///
/// The log keeps at most `capacity` reports and approximately `maximumBytes` bytes. At either limit, the log evicts up to half
/// of the reports, the oldest first.
///
/// The log exists only in the memory of one process. If several processes receive pushes, store important reports in a
/// database. Use the message ID and the status as the key.
public final class DeliveryReportLog: Sendable {
    private struct Key: Hashable {
        var messageID: String
        var status: DeliveryReport.Status
    }

    private struct State {
        var seen: RecentEntries<Key, Void>
        var reports: RecentEntries<String, DeliveryReport>
        var messages: RecentEntries<String, String>
    }

    private let state: Mutex<State>

    /// Creates an empty log.
    ///
    /// - Parameters:
    ///   - capacity: The maximum number of reports, at least 2.
    ///   - maximumBytes: The approximate maximum size of the reports and their task IDs in memory, in bytes.
    public init(capacity: Int = 20_000, maximumBytes: Int = 32 * 1024 * 1024) {
        self.state = Mutex(
            State(
                seen: RecentEntries(capacity: capacity),
                reports: RecentEntries(capacity: capacity, maximumSize: maximumBytes / 4 * 3) { $1.size },
                messages: RecentEntries(capacity: capacity, maximumSize: maximumBytes / 4) {
                    128 + $0.utf8.count + $1.utf8.count
                }
            )
        )
    }

    /// Returns the latest report on a message.
    ///
    /// - Parameter messageID: The gateway's identifier of the message.
    /// - Returns: The report, or `nil` if no report has arrived or the report was evicted.
    public func report(messageID: String) -> DeliveryReport? { self.state.withLock { $0.reports[messageID] } }

    /// Returns the latest report with a task ID.
    ///
    /// The task ID identifies a message even if the outcome of the send is unknown. In a batch, several messages have the
    /// same task ID.
    ///
    /// - Parameter taskID: The identifier that the sender assigned to the message.
    /// - Returns: The report, or `nil` if no report has arrived or the report was evicted.
    public func report(taskID: String) -> DeliveryReport? {
        self.state.withLock { state in state.messages[taskID].flatMap { state.reports[$0] } }
    }

    /// Returns the reports that are not duplicates, and marks them as seen.
    func claim(_ reports: [DeliveryReport]) -> [DeliveryReport] {
        self.state.withLock { state in
            reports.filter { report in
                let key = Key(messageID: report.messageID, status: report.status)
                guard state.seen[key] == nil else { return false }
                state.seen[key] = ()
                return true
            }
        }
    }

    /// Stores processed reports, so that they can be looked up by message ID and by task ID.
    func keep(_ reports: [DeliveryReport]) {
        self.state.withLock { state in
            for report in reports {
                state.reports[report.messageID] = report
                if let taskID = report.taskID { state.messages[taskID] = report.messageID }
            }
        }
    }

    /// Marks reports as not seen, because they could not be processed.
    ///
    /// If the gateway pushes the reports again, they count as new.
    func release(_ reports: [DeliveryReport]) {
        self.state.withLock { state in
            for report in reports { state.seen[Key(messageID: report.messageID, status: report.status)] = nil }
        }
    }
}
