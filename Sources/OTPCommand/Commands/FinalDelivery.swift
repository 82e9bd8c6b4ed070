// SPDX-License-Identifier: Apache-2.0

import Deadlines
import Logging

/// A kind of report that a service still delivers in the background when a command ends, such as audit events.
struct FinalDelivery: Sendable {
    /// The name of the reports in log records.
    let name: String

    /// Waits until every report is delivered or lost.
    let flush: @Sendable () async -> Void

    /// Waits for several deliveries, one after the other, and logs each delivery that takes too long.
    ///
    /// If a store does not reply, it must not prevent the end of the process, so each wait has a timeout. The method waits even
    /// if its task is cancelled, because a service group is usually cancelled at the end.
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
