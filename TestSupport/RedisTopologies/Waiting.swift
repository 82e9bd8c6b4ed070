// SPDX-License-Identifier: Apache-2.0

/// Polls a condition until a timeout.
///
/// - Parameters:
///   - what: The name of the condition in the error.
///   - limit: The timeout.
///   - condition: The condition. An error counts as `false`.
/// - Throws: ``TopologyError`` after the timeout.
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
    /// The message.
    package let description: String
}
