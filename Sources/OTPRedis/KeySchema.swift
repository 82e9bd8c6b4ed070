import OTP

/// The names of keys; all of one number share a slot, since a cluster hashes what stands in braces.
///
/// | key | holds | lives |
/// |---|---|---|
/// | `otp:{index}` | messages, failures and live challenges of a number | until no limit depends on it, and a day longer; 401 days at most |
/// | `otp:{proof}:p` | that a proof was used | until the proof ends; 10 minutes at most |
struct KeySchema: Sendable {
    private let opening: String

    init(prefix: String) {
        self.opening = prefix + ":{"
    }

    func number(_ number: NumberIndex) -> String {
        self.key(number.bytes, "}")
    }

    func proof(_ proof: [UInt8]) -> String {
        self.key(proof, "}:p")
    }

    private func key(_ identifier: [UInt8], _ ending: String) -> String {
        var key = self.opening
        // In one piece, since each step of the store makes one.
        key.reserveCapacity(key.utf8.count + 2 * identifier.count + ending.utf8.count)
        key += Base64URL.encode(identifier)
        key += ending
        return key
    }
}
