// SPDX-License-Identifier: Apache-2.0

/// The faults that an emulator injects.
public struct FaultSettings: Sendable, Hashable {
    /// The rules.
    ///
    /// The first rule that strikes decides the fault of the request, and likewise that of each message.
    public var rules: [FaultRule]

    /// Whether the phone numbers of ``MagicNumbers`` have faults where no rule strikes.
    public var usesMagicNumbers: Bool

    /// The seed of the rules' probabilities, for reproducible decisions; `nil` is a random seed.
    public var seed: UInt64?

    /// Creates settings.
    ///
    /// - Parameters:
    ///   - rules: The rules.
    ///   - usesMagicNumbers: Whether the phone numbers of ``MagicNumbers`` have faults where no rule strikes.
    ///   - seed: The seed of the rules' probabilities.
    public init(_ rules: [FaultRule] = [], usesMagicNumbers: Bool = true, seed: UInt64? = nil) {
        self.rules = rules
        self.usesMagicNumbers = usesMagicNumbers
        self.seed = seed
    }
}
