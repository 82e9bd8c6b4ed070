// SPDX-License-Identifier: Apache-2.0

import Foundation
package import Logging
package import OTPServer
import OperatorReports
import SendGuard
import ServiceLifecycle

/// A service that samples the guard's report for the current day, for the chart of the last hours.
///
/// The report contains the counts of all processes. The samples are stored in the memory of this process. Samples that are too
/// old for the chart are removed.
package actor RecentActivity: Service {
    /// The counts of a day, from midnight UTC to the time of the sample.
    struct Sample: Sendable, Hashable {
        var time: Date
        var day: Int
        var today: Activity
    }

    /// The length of an interval in seconds; the chart has one bar for each interval.
    static let interval = 300.0

    /// The number of bars of the chart.
    static let intervals = 36

    /// The time between two samples.
    private static let period = Duration.seconds(60)

    private let routes: AdminRoutes
    private let logger: Logger
    private var samples: [Sample] = []

    /// Creates the service without samples.
    ///
    /// - Parameters:
    ///   - routes: The routes for operators, which provide access to the guard's counts.
    ///   - logger: The logger for failures.
    package init(_ routes: AdminRoutes, logger: Logger) {
        self.routes = routes
        self.logger = logger
    }

    /// Adds a sample every minute until the task is cancelled or the service group shuts down gracefully.
    package func run() async {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await self.sample(at: Date())
                try? await Task.sleep(for: Self.period)
            }
        }
    }

    /// Adds a sample of the current counts.
    ///
    /// Adds no sample if the counts cannot be read from the guard's ledger.
    func sample(at time: Date) async {
        let actions = self.routes.operatorActions
        guard let newest = try? await actions.reports(ofLastDays: 1, log: self.logger).last else { return }
        let prices = Prices(actions.policy)
        var today = Activity()
        for (event, count) in newest.report.counts { today.add(event, count, prices) }
        self.add(Sample(time: time, day: newest.day, today: today))
    }

    /// The number of samples.
    var count: Int { self.samples.count }

    /// Adds a sample, and removes the samples that are too old for the chart.
    func add(_ sample: Sample) {
        self.samples.append(sample)
        let oldest = sample.time.addingTimeInterval(-Self.interval * Double(Self.intervals + 1))
        self.samples.removeAll { $0.time < oldest }
    }

    /// Returns the counts of the last intervals, with the oldest interval first.
    ///
    /// - Parameter now: The end of the last interval.
    /// - Returns: The counts of each interval; `nil` for an interval before the first sample. The list is empty if there are no
    ///   samples.
    func intervals(until now: Date) -> [Activity?] {
        guard let first = self.samples.first else { return [] }
        var bars = [Activity?](repeating: nil, count: Self.intervals)
        func index(_ time: Date) -> Int {
            Self.intervals - 1 - Int((now.timeIntervalSince(time) / Self.interval).rounded(.down))
        }
        // After a change of the clock, the first sample can be in the future.
        for position in min(max(index(first.time), 0), Self.intervals)..<Self.intervals { bars[position] = Activity() }
        for (earlier, later) in zip(self.samples, self.samples.dropFirst()) {
            let position = index(later.time)
            guard bars.indices.contains(position) else { continue }
            let change = later.day == earlier.day ? later.today.since(earlier.today) : later.today
            bars[position] = (bars[position] ?? Activity()) + change
        }
        return bars
    }
}
