// SPDX-License-Identifier: Apache-2.0

import Logging
import Redaction

/// A log handler that writes each record to standard error as one line.
///
/// Metadata can contain external text, such as an error message of Redis. Text that looks like a phone number or a secret is
/// masked.
struct TerminalLogHandler: LogHandler {
    private var base: StreamLogHandler

    init(label: String, level: Logger.Level) {
        self.base = .standardError(label: label)
        self.base.logLevel = level
    }

    var logLevel: Logger.Level {
        get { self.base.logLevel }
        set { self.base.logLevel = newValue }
    }

    var metadata: Logger.Metadata {
        get { self.base.metadata }
        set { self.base.metadata = newValue.mapValues(Self.escaped) }
    }

    var metadataProvider: Logger.MetadataProvider? {
        get { self.base.metadataProvider }
        set { self.base.metadataProvider = newValue }
    }

    subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { self.base[metadataKey: key] }
        set { self.base[metadataKey: key] = newValue.map(Self.escaped) }
    }

    func log(event: LogEvent) {
        var event = event
        event.message = "\(SecretMask.masked(event.message.description).inOneLine)"
        event.metadata = event.metadata?.mapValues(Self.escaped)
        self.base.log(event: event)
    }

    private static func escaped(_ value: Logger.MetadataValue) -> Logger.MetadataValue {
        switch value {
        case .array(let values): .array(values.map(self.escaped))
        case .dictionary(let values): .dictionary(values.mapValues(self.escaped))
        default: .string(SecretMask.masked("\(value)").inOneLine)
        }
    }
}
