/// The service that may redeem a proof of verification.
///
/// Single use holds for one store: a service with another store does not see what was redeemed. Services that share code
/// keys and have different stores therefore need different audiences, and a proof is made out for one of them.
public struct ProofAudience: Sendable, Hashable, RawRepresentable, CustomStringConvertible {
    /// The name, 1–128 visible ASCII characters, such as `payments` or `https://accounts.example.com`.
    public let rawValue: String

    /// Creates an audience, or returns `nil` if the name is not a valid one.
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

    /// The audience of a service that names no other: fit where all services share one store.
    public static var `default`: Self { Self(known: "default") }

    /// The name.
    public var description: String { self.rawValue }
}
