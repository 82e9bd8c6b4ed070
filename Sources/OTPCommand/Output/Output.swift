// SPDX-License-Identifier: Apache-2.0

import Foundation
import JSONOutput

/// The output of a command: results on standard output, and everything else on standard error.
///
/// Terminal control characters are escaped. Callers must convert external text to one line first.
struct Output: Sendable {
    let isJSON: Bool

    /// Prints a result as lines or as one JSON document.
    ///
    /// - Throws: ``CommandFailure`` if writing fails, for example on a full disk. The command itself has succeeded by then.
    func show(_ result: some Encodable, lines: String) throws {
        let text = self.isJSON ? try Self.json(result) : TerminalText.escaped(lines)
        guard Self.write(text) else {
            throw CommandFailure(.error, "outputLost", "the result was lost: standard output cannot be written")
        }
    }

    /// Prints a line of progress to standard output, unless the output is JSON.
    func line(_ text: String) {
        guard !self.isJSON else { return }
        print(text.inOneLine)
    }

    /// Prints a note to standard error.
    func note(_ text: String) {
        guard !self.isJSON else { return }
        Self.writeError(TerminalText.escaped(text))
    }

    /// Prints the error of a command: as JSON to standard output, or as a line to standard error.
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
        // If standard error is closed, there is no place to report the text.
        try? FileHandle.standardError.write(contentsOf: Data("\(text)\n".utf8))
    }

    private static func json(_ value: some Encodable) throws -> String {
        TerminalText.escaped(json: String(decoding: try JSONEncoder.compact.encode(value), as: UTF8.self))
    }
}

extension Duration {
    /// The number of seconds, rounded up so that a wait is never too short.
    var wholeSeconds: Int64 {
        let (seconds, attoseconds) = self.components
        return attoseconds > 0 ? seconds + 1 : seconds
    }

    /// The duration in milliseconds, with one decimal.
    var millisecondsText: String {
        let milliseconds = self / .milliseconds(1)
        return "\((milliseconds * 10).rounded() / 10) ms"
    }
}
