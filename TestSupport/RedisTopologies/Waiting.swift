// SPDX-License-Identifier: Apache-2.0

/// Polls a condition until it is met or a timeout expires.
///
/// - Parameters:
///   - what: The description of the condition in the error.
///   - limit: The timeout.
///   - condition: The condition. An error counts as `false`.
/// - Throws: ``TopologyError`` if the condition is not met before the timeout.
package func waitUntil(
    _ what: String,
    within limit: Duration = .seconds(30),
    _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while (try? await condition()) != true {
        guard ContinuousClock.now < deadline else { throw TopologyError(description: "timed out waiting for: \(what)") }
        try await Task.sleep(for: .milliseconds(10))
    }
}

/// The reason why a private topology is not available.
package struct TopologyError: Error, CustomStringConvertible {
    /// The explanation of the error.
    package let description: String
}
