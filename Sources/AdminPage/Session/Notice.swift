// SPDX-License-Identifier: Apache-2.0

import OTPServer

/// The result of a form.
struct Notice: Sendable, Hashable {
    /// The kind of a result, which determines its colour.
    enum Tone: String, Sendable { case success, info, error }

    var tone: Tone
    var text: String

    /// Creates a notice.
    init(_ tone: Tone, _ text: String) {
        self.tone = tone
        self.text = text
    }

    /// Creates the notice for a failed action.
    init(_ problem: HTTPProblem) {
        self.tone = .error
        self.text =
            problem.code == .unavailable
            ? "The store is not reachable. Nothing is known about the change: reload the page in a moment."
            : "\(problem.code.title). \(problem.detail)"
    }
}
