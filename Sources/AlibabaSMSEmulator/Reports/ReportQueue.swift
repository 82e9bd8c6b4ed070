import FoundationEssentials
import HeapModule
import TextFormats

/// A report that waits for its push.
struct PendingReport: Sendable, Comparable {
    var entry: DeliveryReportEntry
    var due: Date
    /// How often it was pushed.
    var pushes = 0
    /// Whether it was taken, and is pushed once more only to be there twice.
    var isDuplicate = false
    fileprivate var number = 0

    init(entry: DeliveryReportEntry, due: Date) {
        self.entry = entry
        self.due = due
    }

    static func < (left: Self, right: Self) -> Bool {
        left.due == right.due ? left.number < right.number : left.due < right.due
    }

    static func == (left: Self, right: Self) -> Bool { left.number == right.number && left.due == right.due }
}

/// The reports that wait for their push, bounded: what is too much is dropped, the newest first.
struct ReportQueue: Sendable {
    static let capacity = 10_000
    /// The most reports of one push.
    static let batchSize = 100

    let pauses: [Duration]
    let duplicates: Bool
    private var reports = Heap<PendingReport>()
    private var lastNumber = 0
    /// The greatest number of those that were forgotten.
    private var lastForgotten = 0

    init(pauses: [Duration], duplicates: Bool) {
        self.pauses = pauses
        self.duplicates = duplicates
    }

    var count: Int { self.reports.count }

    /// When the next is due.
    var due: Date? { self.reports.min?.due }

    /// Puts a report in.
    mutating func add(_ report: PendingReport) {
        guard self.reports.count < Self.capacity else { return }
        var report = report
        self.lastNumber += 1
        report.number = self.lastNumber
        self.reports.insert(report)
    }

    /// Forgets all reports, also those that are being pushed.
    mutating func clear() {
        self.reports = Heap()
        self.lastForgotten = self.lastNumber
    }

    /// Takes out what is due, as much as one push holds.
    mutating func next(at now: Date) -> [PendingReport] {
        var batch: [PendingReport] = []
        while batch.count < Self.batchSize, let first = self.reports.min, first.due <= now {
            batch.append(self.reports.removeMin())
        }
        return batch
    }

    /// Puts back what has to be pushed again.
    mutating func settle(_ batch: [PendingReport], wasTaken: Bool, at now: Date) {
        for var report in batch where report.number > self.lastForgotten {
            report.pushes += 1
            if wasTaken {
                guard self.duplicates, !report.isDuplicate else { continue }
                report.isDuplicate = true
                report.due = now
                self.add(report)
            } else if !report.isDuplicate, report.pushes <= self.pauses.count {
                report.due = now.addingTimeInterval(max(0, self.pauses[report.pushes - 1].inSeconds))
                self.add(report)
            }
        }
    }
}
