// SPDX-License-Identifier: Apache-2.0

/// The group of services that may redeem a proof of verification.
///
/// A proof store prevents a second redemption only among the services that share the store. Therefore services that share code
/// keys but not the proof store need different audiences.
public struct ProofAudience: Sendable, Hashable, RawRepresentable, Codable, CustomStringConvertible {
    /// The name, such as `payments` or `https://accounts.example.com`.
    ///
    /// The name has 1–128 visible ASCII characters.
    public let rawValue: String

    /// Creates an audience, or returns `nil` if the name is invalid.
    ///
    /// - Parameter rawValue: The name, with 1–128 visible ASCII characters.
    public init?(rawValue: String) {
        guard (1...128).contains(rawValue.utf8.count), rawValue.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return nil
        }
        self.rawValue = rawValue
    }

    private init(known rawValue: String) {
        self.rawValue = rawValue
    }

    /// The default audience, for services that share one proof store.
    public static var `default`: Self { Self(known: "default") }

    /// The name of the audience.
    public var description: String { self.rawValue }
}
