// SPDX-License-Identifier: Apache-2.0

/// A destination of audit events, such as a log or a stream.
public protocol AuditSink: Sendable {
    /// Stores events.
    ///
    /// The service calls this method in the background, one call at a time. The method must return within a few seconds. During
    /// a call, the service buffers new events, and drops events when the buffer is full.
    ///
    /// - Parameter events: The events in the order in which they occurred, at least one.
    /// - Throws: An error if events may be lost. The service logs the error, and does not repeat the call.
    func record(_ events: [AuditEvent]) async throws
}
