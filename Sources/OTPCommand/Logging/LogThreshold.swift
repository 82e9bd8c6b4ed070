// SPDX-License-Identifier: Apache-2.0

import Logging
import Synchronization

/// The minimum level of log records, which can change while the process runs.
///
/// A class, because all handlers share it.
final class LogThreshold: Sendable {
    private let storedLevel: Mutex<Logger.Level>

    init(_ level: Logger.Level) { self.storedLevel = Mutex(level) }

    var level: Logger.Level {
        get { self.storedLevel.withLock { $0 } }
        set { self.storedLevel.withLock { $0 = newValue } }
    }
}

/// A log handler that uses the level of a shared threshold, if the handler has no level of its own.
struct ThresholdLogHandler: LogHandler {
    private var base: any LogHandler
    private var ownLevel: Logger.Level?
    private let threshold: LogThreshold

    /// Creates a handler that uses the level of a threshold.
    ///
    /// - Parameters:
    ///   - base: The handler that writes the records.
    ///   - threshold: The minimum level.
    init(_ base: any LogHandler, _ threshold: LogThreshold) {
        self.base = base
        self.threshold = threshold
    }

    var logLevel: Logger.Level {
        get { self.ownLevel ?? self.threshold.level }
        set { self.ownLevel = newValue }
    }

    var metadata: Logger.Metadata {
        get { self.base.metadata }
        set { self.base.metadata = newValue }
    }

    var metadataProvider: Logger.MetadataProvider? {
        get { self.base.metadataProvider }
        set { self.base.metadataProvider = newValue }
    }

    subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { self.base[metadataKey: key] }
        set { self.base[metadataKey: key] = newValue }
    }

    func log(event: LogEvent) { self.base.log(event: event) }
}
