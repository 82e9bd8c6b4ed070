// SPDX-License-Identifier: Apache-2.0

import Foundation
import JSONOutput

/// The output of a command.
///
/// Results are written to standard output, and all other texts to standard error.
///
/// Terminal control characters are escaped. Before callers pass external text, they must convert it to one line.
struct Output: Sendable {
    let isJSON: Bool

    /// Prints a result: as one JSON document if `--json` is set, and as lines of text otherwise.
    ///
    /// - Throws: ``CommandFailure`` if the result cannot be written, for example because the disk is full. The command has
    ///   already done its work in this case.
    func show(_ result: some Encodable, lines: String) throws {
        let text = self.isJSON ? try Self.json(result) : TerminalText.escaped(lines)
        guard Self.write(text) else {
            throw CommandFailure(.error, "outputLost", "the result was lost: standard output cannot be written")
        }
    }

    /// Prints a line about the progress of the command to standard output, unless the output is JSON.
    func line(_ text: String) {
        guard !self.isJSON else { return }
        print(text.inOneLine)
    }

    /// Prints a note to standard error, unless the output is JSON.
    func note(_ text: String) {
        guard !self.isJSON else { return }
        Self.writeError(TerminalText.escaped(text))
    }

    /// Prints the error of a command: as JSON to standard output if `--json` is set, and as a line to standard error otherwise.
    func show(_ failure: CommandFailure) {
        if self.isJSON, let json = try? Self.json(failure), Self.write(json) { return }
        Self.writeError("otp: \(failure.text.inOneLine)")
    }

    /// Writes a line to standard output.
    ///
    /// - Returns: Whether the line was written.
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
    /// The duration in whole seconds, rounded up so that a wait is never too short.
    var wholeSeconds: Int64 {
        let (seconds, attoseconds) = self.components
        return attoseconds > 0 ? seconds + 1 : seconds
    }

    /// The text of the duration in milliseconds, rounded to one decimal.
    var millisecondsText: String {
        let milliseconds = self / .milliseconds(1)
        return "\((milliseconds * 10).rounded() / 10) ms"
    }
}
