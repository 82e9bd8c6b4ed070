// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import Redaction

/// A log handler that writes each log record as one line of text.
///
/// Texts that look like a phone number or a secret are masked, because metadata can contain text from other programs.
struct TerminalLogHandler: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    private let label: String
    private let output: LineWriter
    private let now: @Sendable () -> Date

    /// Creates a handler.
    ///
    /// - Parameters:
    ///   - label: The label of the logger.
    ///   - level: The minimum level of log records.
    ///   - output: The destination of the lines, which all handlers share.
    ///   - now: The clock for the timestamps.
    init(
        label: String,
        level: Logger.Level,
        output: LineWriter,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.label = label
        self.logLevel = level
        self.output = output
        self.now = now
    }

    subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let values = self.metadata(of: event).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value) " }.joined()
        let text = "\(values)[\(event.source)] \(event.message)"
        let time = self.now().ISO8601Format()
        self.output.write("\(time) \(event.level) \(self.label): \(SecretMask.masked(text).inOneLine)")
    }
}
