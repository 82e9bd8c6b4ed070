/// Waits until a condition holds, but not for ever.
///
/// - Parameters:
///   - what: What is waited for, to tell when it does not come.
///   - limit: How long to wait at most.
///   - condition: The condition; one that throws does not hold yet.
/// - Throws: ``TopologyError`` if the condition does not hold in time.
package func waitUntil(
    _ what: String,
    within limit: Duration = .seconds(30),
    _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while (try? await condition()) != true {
        guard ContinuousClock.now < deadline else { throw TopologyError(description: "waited in vain: \(what)") }
        try await Task.sleep(for: .milliseconds(10))
    }
}

/// Why several servers did not come to stand together as they should.
package struct TopologyError: Error, CustomStringConvertible {
    /// What happened.
    package let description: String
}
