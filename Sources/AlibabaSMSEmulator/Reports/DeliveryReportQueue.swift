import Deadlines
import FoundationEssentials
import TextFormats

/// A report that waits for its push.
struct PendingDeliveryReport: Sendable {
    var entry: DeliveryReportEntry
    var due: Date
    /// How often it was pushed.
    var pushes = 0
    /// Whether it was taken, and is pushed once more only to be there twice.
    var isDuplicate = false
    fileprivate var number: UInt64 = 0

    init(entry: DeliveryReportEntry, due: Date) {
        self.entry = entry
        self.due = due
    }
}

/// The reports that wait for their push, bounded: what is too much is dropped, the newest first.
struct DeliveryReportQueue: Sendable {
    static let capacity = 10_000
    /// The most reports of one push.
    static let batchSize = 100

    let retryDelays: [Duration]
    let sendsDuplicates: Bool
    private var reports = DeadlineHeap<Date, PendingDeliveryReport>()
    /// The greatest number of those that were forgotten.
    private var lastForgotten: UInt64 = 0

    init(retryDelays: [Duration], sendsDuplicates: Bool) {
        self.retryDelays = retryDelays
        self.sendsDuplicates = sendsDuplicates
    }

    var count: Int { self.reports.count }

    /// When the next is due.
    var due: Date? { self.reports.earliest }

    /// Puts a report in.
    mutating func add(_ report: PendingDeliveryReport) {
        guard self.reports.count < Self.capacity else { return }
        var report = report
        report.number = self.reports.lastID + 1
        self.reports.insert(report, at: report.due)
    }

    /// Forgets all reports, also those that are being pushed.
    mutating func clear() {
        _ = self.reports.removeAll()
        self.lastForgotten = self.reports.lastID
    }

    /// Takes out what is due, as much as one push holds.
    mutating func next(at now: Date) -> [PendingDeliveryReport] {
        var batch: [PendingDeliveryReport] = []
        while batch.count < Self.batchSize, let report = self.reports.pop(at: now) { batch.append(report) }
        return batch
    }

    /// Puts back what has to be pushed again.
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
