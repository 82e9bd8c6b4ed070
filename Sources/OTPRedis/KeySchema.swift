import OTP

/// The names of keys; all of one number share a slot, since a cluster hashes what stands in braces.
///
/// | key | holds | lives |
/// |---|---|---|
/// | `otp:{index}:n` | messages and failures of a number | until no limit depends on it; 400 days at most |
/// | `otp:{index}:c:challenge` | one challenge | the life of its code; 10 minutes at most |
/// | `otp:{proof}:p` | that a proof was used | until the proof ends; 10 minutes at most |
struct KeySchema: Sendable {
    let prefix: String

    func number(_ number: NumberIndex) -> String {
        "\(self.prefix):{\(Base64URL.encode(number.bytes))}:n"
    }

    func challenge(_ challenge: ChallengeReference, of number: NumberIndex) -> String {
        "\(self.prefix):{\(Base64URL.encode(number.bytes))}:c:\(Base64URL.encode(challenge.id))"
    }

    func proof(_ proof: [UInt8]) -> String {
        "\(self.prefix):{\(Base64URL.encode(proof))}:p"
    }
}
