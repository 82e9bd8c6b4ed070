// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The number of failed attempts with recovery codes within 15 minutes.
///
/// The window starts with the first failed attempt. It starts again with the attempt that reaches the maximum, so that a lock
/// always lasts 15 minutes.
struct FailureWindow: Sendable {
    private static let seconds = 900.0

    private var count = 0

    /// The end of the window.
    private(set) var end = Date.distantPast

    /// Counts a failed attempt.
    mutating func record(at now: Date, maximum: Int) {
        if self.end <= now { self.count = 0 }
        self.count += 1
        if [1, maximum].contains(self.count) { self.end = now.addingTimeInterval(Self.seconds) }
    }

    /// Returns the time until which further attempts are refused; `nil` if an attempt is allowed.
    func refusal(after maximum: Int, at now: Date) -> Date? {
        self.count >= maximum && self.end > now ? self.end : nil
    }
}
