// SPDX-License-Identifier: Apache-2.0

/// A load with an open model: tasks start at a fixed rate, even if earlier tasks have not ended.
struct OpenLoad: Sendable {
    /// The number of tasks that start per second.
    let rate: Double

    /// The time during which tasks start.
    let duration: Duration

    /// The total number of tasks.
    var count: Int { Int((self.duration / .seconds(1)) * self.rate) }

    /// Starts all tasks, and waits for their end.
    ///
    /// - Parameters:
    ///   - clock: The clock that determines when tasks start.
    ///   - body: The work of one task. The arguments are the number of the task and its planned start.
    func run<C: Clock>(clock: C, _ body: @escaping @Sendable (Int, C.Instant) async -> Void) async
    where C.Duration == Duration {
        let start = clock.now
        await withDiscardingTaskGroup { group in
            for number in 0..<self.count {
                let due = start.advanced(by: .seconds(Double(number) / self.rate))
                if due > clock.now {
                    guard (try? await clock.sleep(until: due, tolerance: .zero)) != nil else { return }
                }
                group.addTask { await body(number, due) }
            }
        }
    }
}
