// SPDX-License-Identifier: Apache-2.0

import Foundation
package import SMSKit
package import SendGuard

/// The request of an operator to start or end a lockdown.
///
/// During a lockdown of a region or of the whole service, messages are sent only to known devices and known numbers.
package struct LockdownChange: Sendable, Hashable {
    /// The allowed durations of a lockdown in seconds.
    package static let durations = 1...365 * 86_400

    /// The default duration in seconds: one day.
    package static let defaultSeconds = 86_400

    /// The region; `nil` for the whole service.
    package let region: Region?

    /// The duration in seconds; `nil` to end the lockdown.
    package let seconds: Int?

    /// Creates a change.
    ///
    /// - Parameters:
    ///   - region: The region; `nil` for the whole service.
    ///   - seconds: The duration, within ``durations``; `nil` to end the lockdown.
    package init(_ region: Region?, forSeconds seconds: Int?) {
        self.region = region
        self.seconds = seconds
    }

    /// The text `on` for the start of a lockdown, or `off` for its end.
    package var state: String { self.seconds == nil ? "off" : "on" }

    /// Returns the audit event of the change.
    package func event(by operatorName: String) -> AuditEvent {
        var event = AuditEvent(.lockdown, at: Date(), [.outcome: self.state, .operatorName: operatorName])
        event[.region] = self.region?.code
        event[.wait] = self.seconds.map(String.init)
        return event
    }
}
