import Foundation
import JSONOutput

/// The two streams: results on standard output, everything else on standard error.
///
/// Escapes terminal control characters in all output. Callers put the text of other programs on one line first.
struct Output: Sendable {
    let isJSON: Bool

    /// Prints a result: the lines, or the one JSON document.
    ///
    /// - Throws: ``CommandFailure`` if nobody can read it, such as on a full disk: what was done is done all the same.
    func show(_ result: some Encodable, lines: String) throws {
        let text = self.isJSON ? try Self.json(result) : TerminalText.escaped(lines)
        do {
            try FileHandle.standardOutput.write(contentsOf: Data("\(text)\n".utf8))
        } catch {
            throw CommandFailure(.error, "outputLost", "the result was lost: standard output cannot be written")
        }
    }

    /// Prints a line of progress on standard output, unless that is for one JSON document.
    func line(_ text: String) {
        guard !self.isJSON else { return }
        print(text.inOneLine)
    }

    /// Prints what is no result.
    func note(_ text: String) {
        guard !self.isJSON else { return }
        Self.writeError(TerminalText.escaped(text))
    }

    /// Prints why a command failed.
    func show(_ failure: CommandFailure) {
        if self.isJSON, let json = try? Self.json(failure) {
            print(json)
        } else {
            Self.writeError("otp: \(failure.text.inOneLine)")
        }
    }

    private static func writeError(_ text: String) {
        // Where standard error is closed there is nowhere left to say so.
        try? FileHandle.standardError.write(contentsOf: Data("\(text)\n".utf8))
    }

    private static func json(_ value: some Encodable) throws -> String {
        TerminalText.escaped(json: String(decoding: try JSONEncoder.compact.encode(value), as: UTF8.self))
    }
}

extension Duration {
    /// The seconds, rounded up: whoever waits that long has waited long enough.
    var wholeSeconds: Int64 {
        let (seconds, attoseconds) = self.components
        return attoseconds > 0 ? seconds + 1 : seconds
    }

    /// The duration in milliseconds, for a person.
    var millisecondsText: String {
        let milliseconds = self / .milliseconds(1)
        return "\((milliseconds * 10).rounded() / 10) ms"
    }
}
