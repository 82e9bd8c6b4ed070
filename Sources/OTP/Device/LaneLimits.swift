// SPDX-License-Identifier: Apache-2.0

/// The limits of a phone number for known devices (callers with a valid device token), and for all other callers.
///
/// All limits apply to the same history of sends and failed attempts.
package struct LaneLimits: Sendable {
    /// The limits of callers without a valid device token.
    package let open: OTPLimits

    /// The limits of known devices; equal to ``open`` if the policy has no separate limits for known devices.
    package let device: OTPLimits

    private let storedOpen: StoreLimits
    private let storedDevice: StoreLimits

    /// Creates the limits of a policy.
    ///
    /// - Throws: ``OTPConfigurationError`` that names the invalid setting.
    package init(_ policy: OTPPolicy) throws(OTPConfigurationError) {
        try policy.deviceLane?.validate(policy.limits)
        self.open = policy.deviceLane?.open(policy.limits) ?? policy.limits
        self.device = policy.deviceLane?.device(policy.limits) ?? policy.limits
        self.storedOpen = try StoreLimits(self.open.keepingHistory(for: self.device))
        self.storedDevice = try StoreLimits(self.device)
    }

    /// Returns the limits that the store applies to a challenge in the given ``Lane``.
    package subscript(lane: Lane) -> StoreLimits {
        switch lane {
        case .open: self.storedOpen
        case .device: self.storedDevice
        }
    }
}

extension DeviceLane {
    /// Returns the limits of callers without a valid device token.
    fileprivate func open(_ limits: OTPLimits) -> OTPLimits {
        var limits = limits
        limits.sends = limits.sends.map { WindowLimit($0.count - self.sends.count(in: $0.window), per: $0.window) }
        limits.consecutiveFailures -= self.consecutiveFailures
        return limits
    }

    /// Returns the limits of known devices.
    fileprivate func device(_ limits: OTPLimits) -> OTPLimits {
        var limits = limits
        limits.failures = limits.failures.map {
            WindowLimit($0.count + self.failures.count(in: $0.window), per: $0.window)
        }
        return limits
    }

    /// Checks that the separate limits for known devices are compatible with the limits of the policy.
    func validate(_ limits: OTPLimits) throws(OTPConfigurationError) {
        for window in self.sends {
            let total = limits.sends.filter { $0.window == window.window }.map(\.count).min()
            guard let total else { throw Self.invalid("sends", "has no window of \(window.window) in limits.sends") }
            guard (1..<total).contains(window.count) else {
                throw Self.invalid("sends", "must hold back 1 to \(total - 1) messages in \(window.window)")
            }
        }
        for window in self.failures {
            let total = limits.failures.filter { $0.window == window.window }.map(\.count).max()
            guard let total else {
                throw Self.invalid("failures", "has no window of \(window.window) in limits.failures")
            }
            guard (1...255 - min(total, 254)).contains(window.count) else {
                throw Self.invalid("failures", "must add 1 to \(255 - total) failed attempts in \(window.window)")
            }
        }
        for (setting, windows) in [("sends", self.sends), ("failures", self.failures)] {
            try self.check(setting, Set(windows.map(\.window)).count == windows.count, "lists a window twice")
        }
        try self.check("sends", !self.sends.isEmpty, "must hold back messages of at least one window")
        try self.check(
            "failures",
            Set(self.failures.map(\.window)) == Set(limits.failures.map(\.window)),
            "must list every window of limits.failures"
        )
        try self.check("failures", limits.failures.count <= 7, "needs at most 7 windows in limits.failures")
        try self.checkRoomForLiveChallenges(limits)
        try self.check(
            "consecutiveFailures",
            (1..<limits.consecutiveFailures).contains(self.consecutiveFailures),
            "must be 1 to \(limits.consecutiveFailures - 1), which is below limits.consecutiveFailures"
        )
    }

    /// Checks that callers without a device token cannot use up the additional failed attempts of known devices (``failures``).
    ///
    /// Even during a lockout, callers without a device token can make the first attempt for each of their live challenges. The
    /// limits on sends determine the maximum number of live challenges.
    private func checkRoomForLiveChallenges(_ limits: OTPLimits) throws(OTPConfigurationError) {
        let counts = self.open(limits).sends.map { Double($0.count) * (limits.lifetime / $0.window).rounded(.up) }
        let live = Int(min(counts.min() ?? 0, 255))
        try self.check(
            "failures",
            self.failures.allSatisfy { $0.count > live },
            "must add more than \(live) failed attempts in each window, one for each live challenge of other callers"
        )
    }

    private func check(
        _ setting: String,
        _ condition: Bool,
        _ message: String
    ) throws(OTPConfigurationError) {
        guard condition else { throw Self.invalid(setting, message) }
    }

    private static func invalid(_ setting: String, _ message: String) -> OTPConfigurationError {
        OTPConfigurationError("deviceLane.\(setting)", message)
    }
}

extension OTPLimits {
    /// Returns the limits with an additional window, so that the store keeps all failed attempts that affect known devices.
    ///
    /// The store keeps only as many failed attempts as the window with the highest count allows. Without the additional window,
    /// a failed attempt of a caller without a device token would therefore remove older failed attempts that still count for
    /// known devices. The additional window never refuses an attempt that the other windows admit.
    fileprivate func keepingHistory(for device: OTPLimits) -> OTPLimits {
        guard device.failures.largestCount > self.failures.largestCount else { return self }
        var limits = self
        limits.failures.append(WindowLimit(device.failures.largestCount, per: self.failures.longestWindow))
        return limits
    }
}

extension [WindowLimit] {
    /// Returns the maximum number of events in the window with the given length; 0 if there is no such window.
    fileprivate func count(in window: Duration) -> Int {
        self.first { $0.window == window }?.count ?? 0
    }
}
