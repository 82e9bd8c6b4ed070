import Synchronization

/// The newest delivery reports, by message and by task; it tells which were there before.
///
/// The gateway may push a report more than once. Two reports are the same if message and status are. The log keeps at
/// least half of `capacity` of the newest, and at most `capacity`; a repetition that comes after so many others is new
/// again. Reports that are unusually large push out others earlier, so that all of them take at most `maximumBytes`. It is
/// the memory of one process: with several, keep what matters in a database, by the same key.
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
    ///   - capacity: The most reports that are kept; at least 2.
    ///   - maximumBytes: The most memory for the reports and their tasks, in bytes, as far as it can be estimated.
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

    /// The newest report on a message.
    ///
    /// - Parameter messageID: The identifier that the gateway gave the message.
    /// - Returns: `nil` if none came, or too many others came since.
    public func report(messageID: String) -> DeliveryReport? { self.state.withLock { $0.reports[messageID] } }

    /// The newest report on a task, by which a message can be found whose outcome was unknown.
    ///
    /// If several messages share the identifier, as those of a batch do, it is that of the one that was reported on last.
    ///
    /// - Parameter taskID: The sender's own identifier.
    /// - Returns: `nil` if none came, or too many others came since.
    public func report(taskID: String) -> DeliveryReport? {
        self.state.withLock { state in state.messages[taskID].flatMap { state.reports[$0] } }
    }

    /// Claims those reports that were not there before, each once.
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

    /// Keeps reports that were claimed and dealt with.
    func keep(_ reports: [DeliveryReport]) {
        self.state.withLock { state in
            for report in reports {
                state.reports[report.messageID] = report
                if let taskID = report.taskID { state.messages[taskID] = report.messageID }
            }
        }
    }

    /// Gives claims back, so that a repetition counts as new.
    func release(_ reports: [DeliveryReport]) {
        self.state.withLock { state in
            for report in reports { state.seen[Key(messageID: report.messageID, status: report.status)] = nil }
        }
    }
}
