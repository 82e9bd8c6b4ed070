// SPDX-License-Identifier: Apache-2.0

/// Repeats a step of a random walk.
///
/// If a step fails, the function adds the seed and the number of the step to the failure.
///
/// - Parameters:
///   - count: The number of steps.
///   - seed: The seed of the walk.
///   - failure: A closure that creates a failure from its description.
///   - step: The step.
/// - Throws: The failure or the error of a step.
package func takeRandomSteps<Failure: Error>(
    _ count: Int,
    seed: UInt64,
    failure: (String) -> Failure,
    _ step: () async throws -> Void
) async throws {
    for position in 0..<count {
        // A store in memory never suspends. Without a yield, the walk would starve other tests.
        if position % 32 == 0 { await Task.yield() }
        do {
            try await step()
        } catch let error as Failure {
            throw failure("seed \(seed), step \(position): \(error)")
        }
    }
}
