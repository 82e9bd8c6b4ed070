import OTP

/// The names of keys; all of one number share a slot, since a cluster hashes what stands in braces.
///
/// | key | holds | lives |
/// |---|---|---|
/// | `otp:{index}` | messages, failures and live challenges of a number | until no limit depends on it; 400 days at most |
/// | `otp:{proof}:p` | that a proof was used | until the proof ends; 10 minutes at most |
struct KeySchema: Sendable {
    let prefix: String

    func number(_ number: NumberIndex) -> String {
        "\(self.prefix):{\(Base64URL.encode(number.bytes))}"
    }

    func proof(_ proof: [UInt8]) -> String {
        "\(self.prefix):{\(Base64URL.encode(proof))}:p"
    }
}
