// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Logging

/// The format of log records on standard error.
enum LogFormat: String, CaseIterable, ExpressibleByArgument {
    case text, json

    /// Creates a handler that writes log records in this format.
    ///
    /// - Parameters:
    ///   - label: The label of the logger.
    ///   - level: The minimum level of log records.
    /// - Returns: The handler.
    func handler(_ label: String, _ level: Logger.Level) -> any LogHandler {
        switch self {
        case .text: TerminalLogHandler(label: label, level: level, output: .standardError)
        case .json: JSONLogHandler(label: label, level: level, output: .standardError)
        }
    }
}
