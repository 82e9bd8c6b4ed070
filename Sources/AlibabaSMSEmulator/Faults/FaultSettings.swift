// SPDX-License-Identifier: Apache-2.0

/// The faults that an emulator injects.
public struct FaultSettings: Sendable, Hashable {
    /// The fault rules, in the order in which they are tried.
    ///
    /// The first rule that applies to a request or a message determines the fault.
    public var rules: [FaultRule]

    /// Whether a phone number in ``MagicNumbers`` causes its predefined fault if no rule applies to the message.
    public var usesMagicNumbers: Bool

    /// The seed for the probabilities of rules; `nil` uses a random seed.
    ///
    /// A fixed seed makes the decisions reproducible.
    public var seed: UInt64?

    /// Creates settings.
    ///
    /// - Parameters:
    ///   - rules: The fault rules, in the order in which they are tried.
    ///   - usesMagicNumbers: Whether a phone number in ``MagicNumbers`` causes its predefined fault if no rule applies to the
    ///     message.
    ///   - seed: The seed for the probabilities of rules; `nil` uses a random seed.
    public init(_ rules: [FaultRule] = [], usesMagicNumbers: Bool = true, seed: UInt64? = nil) {
        self.rules = rules
        self.usesMagicNumbers = usesMagicNumbers
        self.seed = seed
    }
}
