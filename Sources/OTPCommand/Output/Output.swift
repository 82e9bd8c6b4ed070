// SPDX-License-Identifier: Apache-2.0

import Foundation
import JSONOutput

/// The output of a command.
///
/// Results are written to standard output, and all other texts to standard error. Control characters are escaped, except line
/// feeds. Callers of `show(_:lines:)` and `note(_:)` must therefore replace the line feeds in untrusted text (`inOneLine`).
struct Output: Sendable {
    let isJSON: Bool

    /// Prints a result as one JSON document if `--json` is set, and otherwise as lines of text.
    ///
    /// - Throws: ``CommandFailure`` if the result cannot be written, for example because the disk is full. In this case, the
    ///   work of the command is already done.
    func show(_ result: some Encodable, lines: String) throws {
        let text = self.isJSON ? try Self.json(result) : TerminalText.escaped(lines)
        guard Self.write(text) else {
            throw CommandFailure(.error, "outputLost", "the result was lost: standard output cannot be written")
        }
    }

    /// Prints a line about the progress of the command to standard output, but not if `--json` is set.
    func line(_ text: String) {
        guard !self.isJSON else { return }
        print(text.inOneLine)
    }

    /// Prints a note to standard error, but not if `--json` is set.
    func note(_ text: String) {
        guard !self.isJSON else { return }
        Self.writeError(TerminalText.escaped(text))
    }

    /// Prints an error as JSON to standard output if `--json` is set, and otherwise as a line to standard error.
    func show(_ failure: CommandFailure) {
        if self.isJSON, let json = try? Self.json(failure), Self.write(json) { return }
        Self.writeError("otp: \(failure.text.inOneLine)")
    }

    /// Writes a line to standard output, and returns whether it was written.
    private static func write(_ text: String) -> Bool {
        do {
            try FileHandle.standardOutput.write(contentsOf: Data("\(text)\n".utf8))
            return true
        } catch {
            return false
        }
    }

    private static func writeError(_ text: String) {
        // If standard error is closed, the text cannot be shown.
        try? FileHandle.standardError.write(contentsOf: Data("\(text)\n".utf8))
    }

    private static func json(_ value: some Encodable) throws -> String {
        TerminalText.escaped(json: String(decoding: try JSONEncoder.compact.encode(value), as: UTF8.self))
    }
}

extension Duration {
    /// The duration in whole seconds, rounded up so that a client does not retry too early.
    var wholeSeconds: Int64 {
        let (seconds, attoseconds) = self.components
        return attoseconds > 0 ? seconds + 1 : seconds
    }

    /// The duration in milliseconds with one decimal, as text.
    var millisecondsText: String {
        let milliseconds = self / .milliseconds(1)
        return "\((milliseconds * 10).rounded() / 10) ms"
    }
}
