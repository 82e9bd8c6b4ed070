// SPDX-License-Identifier: Apache-2.0

/// A destination of audit events, such as a log or a stream.
public protocol AuditSink: Sendable {
    /// Stores events.
    ///
    /// The service calls this method in the background, one call at a time. The method must return within a few seconds. Until
    /// it returns, new events wait in a buffer, and events are dropped when the buffer is full.
    ///
    /// - Parameter events: At least one event, in their order.
    /// - Throws: An error if events may be lost. The service logs the failure, and does not repeat the call.
    func record(_ events: [AuditEvent]) async throws
}
