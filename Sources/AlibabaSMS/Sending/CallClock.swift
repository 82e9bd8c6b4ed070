import SMSKit

/// The clock of a client's timeouts, back-offs and rate limits, in durations since the client was created.
struct CallClock: Sendable {
    let now: @Sendable () -> Duration
    let sleep: @Sendable (_ until: Duration) async throws -> Void
    let alarms: Alarms

    /// - Parameters:
    ///   - clock: The clock.
    ///   - alarms: The timers of deadlines; by default timers on `clock`.
    init<C: Clock>(_ clock: C, alarms: Alarms? = nil) where C.Duration == Duration {
        let origin = clock.now
        self.now = { origin.duration(to: clock.now) }
        self.sleep = { try await clock.sleep(until: origin.advanced(by: $0), tolerance: nil) }
        // The process shares one timer task for its own clock.
        self.alarms = alarms ?? (clock is ContinuousClock ? .continuous : Alarms(clock: clock))
    }
}
