// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A bounded log of the most recent delivery reports, which also detects duplicates.
///
/// The gateway may push a report more than once. Two reports are duplicates if message and status are equal. The log keeps
/// between half of `capacity` and `capacity` of the most recent reports. A duplicate of an evicted report counts as new. Unusually large reports evict others earlier, so that all reports take at most `maximumBytes`. The log
/// belongs to one process: if several receive pushes, store important reports in a database with the same key.
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
    ///   - capacity: The most reports, at least 2.
    ///   - maximumBytes: The most memory of the reports and their task IDs, in bytes, as an estimate.
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
    /// - Returns: `nil` if there is no report, or if it was evicted.
    public func report(messageID: String) -> DeliveryReport? { self.state.withLock { $0.reports[messageID] } }

    /// Returns the latest report on a task, which identifies a message whose outcome is unknown.
    ///
    /// If several messages share a task ID, as in a batch, the result is the report that arrived last.
    ///
    /// - Parameter taskID: The sender's identifier of the message.
    /// - Returns: `nil` if there is no report, or if it was evicted.
    public func report(taskID: String) -> DeliveryReport? {
        self.state.withLock { state in state.messages[taskID].flatMap { state.reports[$0] } }
    }

    /// Claims the reports that are new, each once, and returns them.
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

    /// Stores reports that were claimed and processed.
    func keep(_ reports: [DeliveryReport]) {
        self.state.withLock { state in
            for report in reports {
                state.reports[report.messageID] = report
                if let taskID = report.taskID { state.messages[taskID] = report.messageID }
            }
        }
    }

    /// Releases claims, so that a repeated push counts as new.
    func release(_ reports: [DeliveryReport]) {
        self.state.withLock { state in
            for report in reports { state.seen[Key(messageID: report.messageID, status: report.status)] = nil }
        }
    }
}
