// SPDX-License-Identifier: Apache-2.0

/// The reasons to trust a request, as checked by the caller.
///
/// Signals relax the rules of the guard as follows:
///
/// - After a human check, the breakers (rules with a leaky bucket) have larger capacities. Growth limits with the mode
///   ``GuardMode/challenge`` do not apply.
/// - Known devices and known numbers bypass breakers. They also bypass lockdowns (``GuardMeasure/lockdown``), with which an
///   operator stops other sends.
/// - With any signal, the limit on regions (``GuardMeasure/destinations``) does not apply.
///
/// Budgets apply to every request.
public struct SendSignals: OptionSet, Sendable, Hashable {
    /// The bits of the signals.
    public let rawValue: UInt8

    /// Creates a set from its bits.
    ///
    /// - Parameter rawValue: The bits of the signals.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The user passed a human check for this phone number and purpose.
    public static let humanCheckPassed = Self(rawValue: 1)
    /// The device has proved that this phone number was verified on the device before.
    public static let knownDevice = Self(rawValue: 2)
    /// According to the caller's records, the phone number was verified before.
    public static let knownNumber = Self(rawValue: 4)
}
