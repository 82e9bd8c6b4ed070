// SPDX-License-Identifier: Apache-2.0

import Deadlines
import Logging

/// A kind of report that may still be in a queue when a command ends, such as audit events.
struct FinalDelivery: Sendable {
    /// The name of the reports in log records.
    let name: String

    /// Waits until every report is delivered or lost.
    let flush: @Sendable () async -> Void

    /// Waits for several deliveries in turn, and logs each delivery that times out.
    ///
    /// With the timeout, the process ends even if a store does not reply. The method waits even if the current task is
    /// cancelled. When a command ends, the task of its service group has usually been cancelled.
    ///
    /// - Parameters:
    ///   - deliveries: The deliveries, in the order of the waits.
    ///   - timeout: The maximum wait for each delivery.
    ///   - logger: The logger.
    static func complete(
        _ deliveries: [FinalDelivery],
        within timeout: Duration = .seconds(2),
        logger: Logger = Logger(label: "otp.shutdown")
    ) async {
        for delivery in deliveries {
            let promise = Promise<Bool>()
            let timer = Timers.continuous.set(after: timeout) { promise.fulfill(with: false) }
            Task {
                await delivery.flush()
                promise.fulfill(with: true)
            }
            if await !promise.wait() {
                logger.warning("Not delivered before the end: \(delivery.name)")
            }
            Timers.continuous.cancel(timer)
        }
    }
}
