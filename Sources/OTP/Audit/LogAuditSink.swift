// SPDX-License-Identifier: Apache-2.0

import JSONOutput
public import Logging
public import SendGuard

/// Writes audit events to a log, one record for each event.
public struct LogAuditSink: AuditSink {
    private let logger: Logger

    /// Creates a sink.
    ///
    /// - Parameter logger: The logger. Its log handler must return quickly.
    public init(_ logger: Logger = Logger(label: "OTP")) {
        self.logger = logger
    }

    /// Logs each event with the level `info`.
    public func record(_ events: [AuditEvent]) async throws {
        for event in events {
            var metadata: Logger.Metadata = ["audit.kind": "\(event.kind)", "audit.time": "\(event.time.rfc3339)"]
            for (field, value) in event.fields { metadata["audit.\(field)"] = "\(value)" }
            self.logger.info("Audit event", metadata: metadata)
        }
    }
}
