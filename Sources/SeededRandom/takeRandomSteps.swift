// SPDX-License-Identifier: Apache-2.0

/// Repeats a step of a random walk, and adds the seed and the number of the step to the description of a failure.
///
/// - Parameters:
///   - count: The number of steps.
///   - seed: The seed of the walk.
///   - failure: Creates a failure with a description.
///   - step: Runs one step.
/// - Throws: If a step throws a `Failure`, the result of `failure`. Any other error of a step is rethrown unchanged.
package func takeRandomSteps<Failure: Error>(
    _ count: Int,
    seed: UInt64,
    failure: (String) -> Failure,
    _ step: () async throws -> Void
) async throws {
    for position in 0..<count {
        // An in-memory store never suspends the task, so the walk would block other tests.
        if position % 32 == 0 { await Task.yield() }
        do {
            try await step()
        } catch let error as Failure {
            throw failure("seed \(seed), step \(position): \(error)")
        }
    }
}
