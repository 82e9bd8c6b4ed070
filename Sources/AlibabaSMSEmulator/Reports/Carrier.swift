// SPDX-License-Identifier: Apache-2.0

import Deadlines
import ServiceLifecycle
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A simulation of the carrier, which is the mobile network operator that delivers messages.
///
/// The carrier advances each message through its delivery events, driven by the emulator's clock.
final class Carrier: Service {
    /// The maximum number of pending deliveries.
    ///
    /// If this limit is reached, new messages keep the status `accepted`.
    static let capacity = 20_000

    /// A message with its future delivery events.
    private struct PendingDelivery {
        var message: InboxMessage
        var steps: ArraySlice<InboxMessage.Event>

        var due: Date { self.steps.first?.at ?? .distantFuture }
    }

    private struct State {
        var deliveries = DeadlineHeap<Date, PendingDelivery>()
        /// The task of the latest operation.
        ///
        /// The next operation starts after this task.
        var work: Task<Void, Never>?
    }

    private let schedule: DeliverySchedule
    private let inbox: Inbox
    private let account: Account
    private let reports: DeliveryReportPusher?
    private let clock: EmulatorClock
    private let loop: WorkLoop
    private let state = Mutex(State())

    init(
        schedule: DeliverySchedule,
        inbox: Inbox,
        account: Account,
        reports: DeliveryReportPusher?,
        clock: EmulatorClock
    ) {
        self.schedule = schedule
        self.inbox = inbox
        self.account = account
        self.reports = reports
        self.clock = clock
        self.loop = WorkLoop(clock: clock)
    }

    /// The number of pending deliveries.
    var count: Int { self.state.withLock { $0.deliveries.count } }

    /// Schedules the delivery events of a message in the inbox.
    func enqueue(_ message: InboxMessage, fault: Fault?) {
        let steps = self.schedule.steps(of: message, fault: fault)
        let isNext = self.state.withLock { state in
            guard state.deliveries.count < Self.capacity else { return false }
            let delivery = PendingDelivery(message: message, steps: steps[...])
            let isNext = state.deliveries.earliest.map { delivery.due < $0 } ?? true
            state.deliveries.insert(delivery, at: delivery.due)
            return isNext
        }
        if isNext { self.loop.signal() }
    }

    /// Removes all pending deliveries, including the deliveries in progress.
    func reset() async {
        await self.serialize { self.state.withLock { $0.deliveries = DeadlineHeap() } }
    }

    /// Recomputes the time until the next due event, because the emulator's clock was moved.
    func wake() { self.loop.signal() }

    /// Processes events when they are due, until the server shuts down.
    func run() async {
        await self.loop.run {
            await self.processDueEvents()
            return self.state.withLock { $0.deliveries.earliest }
        }
    }

    /// Processes all due events.
    func processDueEvents() async {
        await self.serialize { await self.advanceDueMessages() }
    }

    /// Runs an operation after all earlier operations, and waits until the operation is complete.
    private func serialize(_ work: @escaping @Sendable () async -> Void) async {
        let task = self.state.withLock { state in
            let previous = state.work
            let task = Task {
                await previous?.value
                await work()
            }
            state.work = task
            return task
        }
        await task.value
    }

    private func advanceDueMessages() async {
        let now = self.clock.now
        while var delivery = self.next(at: now), let step = delivery.steps.popFirst() {
            let cost = step.kind == .expired ? 0 : delivery.message.costMicros
            if cost != delivery.message.costMicros { self.account.release(delivery.message.costMicros) }
            delivery.message.costMicros = cost
            await self.inbox.update(messageID: delivery.message.messageID) { message in
                message.status = step.kind.status ?? message.status
                message.costMicros = cost
                message.record(step)
            }
            if delivery.steps.isEmpty {
                self.reports?.add(DeliveryReportEntry(delivery.message, end: step), at: step.at)
            } else {
                let due = delivery.due
                self.state.withLock { _ = $0.deliveries.insert(delivery, at: due) }
            }
        }
    }

    private func next(at now: Date) -> PendingDelivery? {
        self.state.withLock { $0.deliveries.pop(at: now) }
    }
}

extension InboxMessage.Event.Kind {
    /// The status of a message after this event; `nil` if the event does not change the status.
    fileprivate var status: InboxMessage.Status? {
        switch self {
        case .accepted: .accepted
        case .submitted: .submitted
        case .delivered: .delivered
        case .failed: .failed
        case .expired: .expired
        default: nil
        }
    }
}
