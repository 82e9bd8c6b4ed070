// SPDX-License-Identifier: Apache-2.0

import OTPServer

/// A message to the operator about the result of a form.
struct Notice: Sendable, Hashable {
    /// The kind of result, which determines the color of the notice.
    enum Tone: String, Sendable { case success, info, error }

    var tone: Tone
    var text: String

    /// Creates a notice.
    init(_ tone: Tone, _ text: String) {
        self.tone = tone
        self.text = text
    }

    /// Creates the notice for a failed change.
    init(failed problem: HTTPProblem) {
        let text =
            problem.code == .unavailable
            ? "The store is not reachable. The change may have taken effect: check the state before you repeat it."
            : "\(problem.code.title). \(problem.detail)"
        self.init(.error, text)
    }
}
