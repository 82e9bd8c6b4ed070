// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Checks that arguments are valid UTF-8.
///
/// Swift replaces invalid bytes, so two different arguments can become the same text. A code for one context could then be
/// accepted for another context.
enum RawText {
    /// Checks that every argument of the process is valid UTF-8.
    ///
    /// - Throws: ``CommandFailure`` with the exit status for wrong usage. The error contains the name of the option or the
    ///   position of the argument, but not its text.
    static func checkArguments() throws(CommandFailure) {
        var option: String?
        for position in 1..<max(Int(CommandLine.argc), 1) {
            guard let bytes = CommandLine.unsafeArgv[position] else { return }
            if let text = String(validatingCString: bytes) {
                option = text.hasPrefix("--") && !text.contains("=") ? text : nil
                continue
            }
            // The text with replaced bytes is only used to find the name in `--name=value`.
            let name = String(cString: bytes).split(separator: "=", maxSplits: 1).first.map(String.init) ?? ""
            let isNamed = name.hasPrefix("--") && !name.contains("\u{FFFD}")
            let subject =
                isNamed ? "the value of \(name)" : option.map { "the value of \($0)" } ?? "argument \(position)"
            throw .usage("\(subject) is not UTF-8")
        }
    }
}
