// SPDX-License-Identifier: Apache-2.0

package import Foundation
package import SendGuard

/// An audit event, in an encodable form for operators.
package struct EventReport: Encodable, Sendable {
    package var kind: String
    package var time: Date
    package var values: [String: String]

    /// Creates a report.
    package init(_ event: AuditEvent) {
        self.kind = event.kind.description
        self.time = event.time
        self.values = Dictionary(uniqueKeysWithValues: event.fields.map { ($0.key.description, $0.value) })
    }

    /// Returns the audit events of a guard decision, with the oldest event first.
    ///
    /// - Parameters:
    ///   - id: The ID of the decision.
    ///   - history: The history of audit events.
    /// - Returns: At most 100 events; an empty list if the history does not contain the decision.
    /// - Throws: An error if the events cannot be read.
    package static func events(of id: DecisionID, in history: some AuditHistory) async throws -> [EventReport] {
        let name = id.description
        return try await history.newest(100) { $0[.decision] == name }.reversed().map(EventReport.init)
    }
}
