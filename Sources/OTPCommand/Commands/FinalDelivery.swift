// SPDX-License-Identifier: Apache-2.0

import Deadlines
import Logging

/// Something that a service still delivers in the background when a command ends.
struct FinalDelivery: Sendable {
    /// The things to deliver, for the log.
    let name: String

    /// Waits until everything is delivered or lost.
    let flush: @Sendable () async -> Void

    /// Waits for deliveries, one after the other, and logs each delivery that takes too long.
    ///
    /// A store that does not reply must not delay the end of the process. The waits are not cut short by cancellation, because a
    /// cancelled service group is a usual end.
    ///
    /// - Parameters:
    ///   - deliveries: The deliveries in their order.
    ///   - timeout: The maximum wait for each of them.
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
