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
        var timer: Task<Void, Never>?
        defer { timer?.cancel() }
        self.ring()
        for await _ in self.rings.cancelOnGracefulShutdown() {
            timer?.cancel()
            timer = nil
            guard let due = await work(), !self.clock.isFrozen else { continue }
            let pause = min(max(due.timeIntervalSince(self.clock.now), 0), EmulatorClock.range)
            timer = Task {
                try? await Task.sleep(for: .seconds(pause))
                if !Task.isCancelled { self.ring() }
            }
        }
    }
}
