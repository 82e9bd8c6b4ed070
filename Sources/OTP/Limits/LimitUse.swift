// SPDX-License-Identifier: Apache-2.0

/// A limit of a phone number, and how much of the limit is used.
package struct LimitUse: Sendable, Hashable {
    /// The name of the limit in ``OTPLimits``.
    package var name: String

    /// The length of the window; `nil` for a limit without a window.
    package var window: Duration?

    /// The number of events that the limit currently counts.
    package var used: Int

    /// The maximum number of events; `nil` for a minimum wait, such as the cooldown.
    package var allowed: Int?

    /// Whether the limit currently refuses sends.
    package var refuses = false

    /// The time at which the refusal ends; `nil` if there is no refusal, or if the number is disabled
    /// (``OTPLimits/consecutiveFailures``).
    package var refusesUntil: StoreTime?

    /// Creates the use of a limit that currently admits sends.
    package init(name: String, window: Duration? = nil, used: Int, allowed: Int? = nil) {
        self.name = name
        self.window = window
        self.used = used
        self.allowed = allowed
    }
}
