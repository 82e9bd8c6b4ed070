// SPDX-License-Identifier: Apache-2.0

import Deadlines
import Logging
import Synchronization
import Testing

@testable import OTPCommand

/// Tests of the deliveries at the end of a command.
@Suite(.timeLimit(.minutes(2))) struct FinalDeliveryTests {
    private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    @Test func aDeliveryThatNeverEndsDelaysNeitherTheNextOneNorTheEnd() async {
        let events = Mutex<[String]>([])
        let never = Promise<Void>()
        await FinalDelivery.complete(
            [
                FinalDelivery(name: "stuck") {
                    events.withLock { $0.append("stuck") }
                    await never.wait()
                },
                FinalDelivery(name: "quick") { events.withLock { $0.append("quick") } },
            ],
            within: .milliseconds(20),
            logger: Self.logger
        )
        // A busy machine may start the tasks after the waits.
        while events.withLock({ $0.count < 2 }) { await Task.yield() }
        #expect(events.withLock { Set($0) } == ["stuck", "quick"])
        never.fulfill(with: ())
    }

    @Test func aDeliveryOfACancelledTaskIsCompleted() async {
        let delivered = Mutex(false)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            let delivery = FinalDelivery(name: "events") {
                for _ in 0..<100 { await Task.yield() }
                delivered.withLock { $0 = !Task.isCancelled }
            }
            await FinalDelivery.complete([delivery], within: .seconds(60), logger: Self.logger)
        }
        await task.value
        #expect(delivered.withLock { $0 })
    }
}
