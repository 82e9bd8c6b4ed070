import Deadlines
import FoundationEssentials
import ServiceLifecycle
import Synchronization

/// Wakes one loop: at once when it is rung, and by the emulator's clock when something falls due.
final class Alarm: Sendable {
    private let clock: EmulatorClock
    private let rings: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init(clock: EmulatorClock) {
        self.clock = clock
        // One ring that waits is as good as many.
        (self.rings, self.continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Wakes the loop at once: there is something to do, or the clock was moved.
    func ring() { self.continuation.yield() }

    /// Does some work at every ring, until the server ends or the task is cancelled.
    ///
    /// - Parameter work: The work; it returns when the next falls due.
    func forEachRing(_ work: () async -> Date?) async {
        let timers = Timers.continuous
        var timer: Timers.ID?
        defer { if let timer { timers.cancel(timer) } }
        self.ring()
        for await _ in self.rings.cancelOnGracefulShutdown() {
            if let previous = timer.take() { timers.cancel(previous) }
            guard let due = await work(), !self.clock.isFrozen else { continue }
            let pause = min(max(due.timeIntervalSince(self.clock.now), 0), EmulatorClock.range)
            timer = timers.set(after: .seconds(pause)) { self.ring() }
        }
    }
}
