import SMS

/// The clock of a client's timeouts, pauses and limits, in durations since some moment.
struct CallClock: Sendable {
    let now: @Sendable () -> Duration
    let sleep: @Sendable (_ until: Duration) async throws -> Void
    let alarms: Alarms

    init<C: Clock>(_ clock: C) where C.Duration == Duration {
        let origin = clock.now
        self.now = { origin.duration(to: clock.now) }
        self.sleep = { try await clock.sleep(until: origin.advanced(by: $0), tolerance: nil) }
        // One sleeping task for the whole process, if the clock is the process's own.
        self.alarms = clock is ContinuousClock ? .continuous : Alarms(clock: clock)
    }
}
