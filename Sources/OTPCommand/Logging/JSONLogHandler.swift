// SPDX-License-Identifier: Apache-2.0

import Foundation
import JSONOutput
import Logging
import Redaction

/// A log handler that writes each log record as one line with a JSON object.
///
/// ```json
/// {"time":"2026-11-28T12:00:00.000Z","level":"info","logger":"otp.server","message":"Code sent",
///  "metadata":{"hb.request.id":"9f…"},"source":"OTP"}
/// ```
///
/// Texts that look like a phone number or a secret are masked. For an error, only the type is written, because the description
/// may contain private data.
struct JSONLogHandler: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    /// The numbers that have fewer digits than a phone number, and are therefore not masked.
    private static let counts = -9_999_999...9_999_999

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
        let record = JSONText.object([
            ("time", .string(self.now().rfc3339)), ("level", .string(event.level.rawValue)),
            ("logger", .string(self.label)), ("message", Self.masked(event.message.description)),
            ("metadata", Self.object(self.metadata(of: event))), ("source", .string(event.source)),
        ])
        self.output.write(TerminalText.escaped(json: String(decoding: record.bytes, as: UTF8.self)))
    }

    private static func object(_ metadata: Logger.Metadata) -> JSONText {
        .object(
            metadata.sorted { $0.key < $1.key }.map { (name: SecretMask.masked($0.key), value: Self.value($0.value)) }
        )
    }

    private static func value(_ value: Logger.MetadataValue) -> JSONText {
        switch value {
        case .string(let text): Self.masked(text)
        // Other numbers may be phone numbers.
        case .stringConvertible(let number as Int) where Self.counts.contains(number): .int(number)
        case .stringConvertible(let number as Double) where abs(number) < 10_000_000: .double(number)
        case .stringConvertible(let value): Self.masked(value.description)
        case .array(let values): .array(values.map(Self.value))
        case .dictionary(let values): Self.object(values)
        }
    }

    private static func masked(_ text: String) -> JSONText { .string(SecretMask.masked(text)) }
}
