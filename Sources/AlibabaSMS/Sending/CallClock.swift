import SMSKit

/// The clock of a client's timeouts, pauses and limits, in durations since some moment.
struct CallClock: Sendable {
    let now: @Sendable () -> Duration
    let sleep: @Sendable (_ until: Duration) async throws -> Void
    let alarms: Alarms

    /// - Parameters:
    ///   - clock: The clock.
    ///   - alarms: The alarms of deadlines; by default those of the clock.
    init<C: Clock>(_ clock: C, alarms: Alarms? = nil) where C.Duration == Duration {
        let origin = clock.now
        self.now = { origin.duration(to: clock.now) }
        self.sleep = { try await clock.sleep(until: origin.advanced(by: $0), tolerance: nil) }
        // One sleeping task for the whole process, if the clock is the process's own.
        self.alarms = alarms ?? (clock is ContinuousClock ? .continuous : Alarms(clock: clock))
    }
}
