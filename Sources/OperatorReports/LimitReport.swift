// SPDX-License-Identifier: Apache-2.0

package import Foundation
package import OTP

/// A limit of a phone number, and its current use.
package struct LimitReport: Encodable, Sendable {
    package var name: String
    package var windowSeconds: Int64?
    package var used: Int
    package var allowed: Int?
    package var refuses: Bool
    package var refusesUntil: Date?

    /// Creates a report from the current use of a limit.
    package init(_ use: LimitUse) {
        self.name = use.name
        self.windowSeconds = use.window?.components.seconds
        self.used = use.used
        self.allowed = use.allowed
        self.refuses = use.refuses
        self.refusesUntil = use.refusesUntil?.date
    }
}
