// SPDX-License-Identifier: Apache-2.0

import Deadlines
import TextFormats

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A queued delivery report.
struct PendingDeliveryReport: Sendable {
    var entry: DeliveryReportEntry
    var due: Date
    /// The number of completed pushes of the report, including failed pushes.
    var pushes = 0
    /// Whether the report was already acknowledged and is queued again as a deliberate duplicate.
    var isDuplicate = false
    fileprivate var number: UInt64 = 0

    init(entry: DeliveryReportEntry, due: Date) {
        self.entry = entry
        self.due = due
    }
}

/// A bounded queue of delivery reports, ordered by due time.
///
/// A full queue drops new reports.
struct DeliveryReportQueue: Sendable {
    static let capacity = 10_000
    /// The maximum number of reports in one push.
    static let batchSize = 100

    let retryDelays: [Duration]
    let sendsDuplicates: Bool
    private var reports = DeadlineHeap<Date, PendingDeliveryReport>()
    /// The sequence number of the latest report when ``clear()`` was last called.
    ///
    /// Reports up to this number are not queued again, even if their push fails.
    private var lastForgotten: UInt64 = 0

    init(retryDelays: [Duration], sendsDuplicates: Bool) {
        self.retryDelays = retryDelays
        self.sendsDuplicates = sendsDuplicates
    }

    var count: Int { self.reports.count }

    /// The due time of the next report.
    var due: Date? { self.reports.earliest }

    /// Queues a report.
    mutating func add(_ report: PendingDeliveryReport) {
        guard self.reports.count < Self.capacity else { return }
        var report = report
        report.number = self.reports.lastID + 1
        self.reports.insert(report, at: report.due)
    }

    /// Removes all reports, and ensures that the reports that are being pushed are not queued again.
    mutating func clear() {
        _ = self.reports.removeAll()
        self.lastForgotten = self.reports.lastID
    }

    /// Removes and returns the due reports, at most ``batchSize``.
    mutating func next(at now: Date) -> [PendingDeliveryReport] {
        var batch: [PendingDeliveryReport] = []
        while batch.count < Self.batchSize, let report = self.reports.pop(at: now) { batch.append(report) }
        return batch
    }

    /// Queues the reports of a completed push again, if they must be pushed again.
    ///
    /// After a failed push, the reports are retried after the next delay in `retryDelays`, if a delay is left. After an
    /// accepted push, the reports are pushed once more as deliberate duplicates if `sendsDuplicates` is `true`. A duplicate is
    /// never queued again.
    mutating func complete(_ batch: [PendingDeliveryReport], isAccepted: Bool, at now: Date) {
        for var report in batch where report.number > self.lastForgotten {
            report.pushes += 1
            if isAccepted {
                guard self.sendsDuplicates, !report.isDuplicate else { continue }
                report.isDuplicate = true
                report.due = now
                self.add(report)
            } else if !report.isDuplicate, report.pushes <= self.retryDelays.count {
                report.due = now.addingTimeInterval(max(0, self.retryDelays[report.pushes - 1].inSeconds))
                self.add(report)
            }
        }
    }
}
