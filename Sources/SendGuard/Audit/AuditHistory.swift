// SPDX-License-Identifier: Apache-2.0

/// An audit sink whose events can be read again.
public protocol AuditHistory: AuditSink {
    /// Returns the newest events that a closure accepts.
    ///
    /// - Parameters:
    ///   - count: The maximum number of events.
    ///   - isWanted: A closure that returns whether an event belongs to the result.
    /// - Returns: The events, the newest first.
    /// - Throws: An error if the events cannot be read.
    func newest(_ count: Int, where isWanted: @Sendable (AuditEvent) -> Bool) async throws -> [AuditEvent]
}
