// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The expectations of one check, and the failed expectations.
///
/// The checks do not use `#expect`, because code with a deliberate fault (a mutant) must fail certain expectations.
final class Findings: Sendable {
    private struct State {
        var names: Set<String> = []
        var failures: [String: String] = [:]
    }

    private let state = Mutex(State())

    /// The names of all expectations.
    var names: Set<String> { self.state.withLock(\.names) }

    /// The failed expectations, each with the details of its first failure.
    var failures: [String: String] { self.state.withLock(\.failures) }

    /// Records whether an expectation is met.
    ///
    /// - Parameters:
    ///   - name: The name, which several expectations may share.
    ///   - condition: Whether the expectation is met.
    ///   - details: The observed values.
    func expect(_ name: String, _ condition: Bool, _ details: @autoclosure () -> Any = "") {
        let text = condition ? "" : "\(details())"
        self.state.withLock { state in
            state.names.insert(name)
            if !condition, state.failures[name] == nil { state.failures[name] = text }
        }
    }
}
