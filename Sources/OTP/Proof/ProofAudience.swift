// SPDX-License-Identifier: Apache-2.0

/// The service that may redeem a proof of verification.
///
/// Single use holds within one proof store: a service with another store does not see which proofs are redeemed. Services that
/// share code keys but not the store therefore need different audiences, and each proof names one.
public struct ProofAudience: Sendable, Hashable, RawRepresentable, Codable, CustomStringConvertible {
    /// The name, 1–128 visible ASCII characters, such as `payments` or `https://accounts.example.com`.
    public let rawValue: String

    /// Creates an audience, or returns `nil` if the name is invalid.
    ///
    /// - Parameter rawValue: The name, 1–128 visible ASCII characters.
    public init?(rawValue: String) {
        guard (1...128).contains(rawValue.utf8.count), rawValue.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return nil
        }
        self.rawValue = rawValue
    }

    private init(known rawValue: String) {
        self.rawValue = rawValue
    }

    /// The default audience, for services that all share one proof store.
    public static var `default`: Self { Self(known: "default") }

    /// The name.
    public var description: String { self.rawValue }
}
