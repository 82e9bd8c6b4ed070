import OTP
import TextFormats

/// The names of keys; all of one number share a slot, since a cluster hashes what stands in braces.
///
/// | key | holds | lives |
/// |---|---|---|
/// | `otp:{index}` | messages, failures and live challenges of a number | until no limit depends on it, and a day longer; 401 days at most |
/// | `otp:{proof}:p` | that a proof was used | until the proof ends; 10 minutes at most, unless the clock was set back |
struct KeySchema: Sendable {
    private let opening: String

    init(prefix: String) {
        self.opening = prefix + ":{"
    }

    func number(_ number: PhoneNumberIndex) -> String {
        Base64URL.encode(number.bytes, after: self.opening, before: "}")
    }

    func proof(_ proof: [UInt8]) -> String {
        Base64URL.encode(proof, after: self.opening, before: "}:p")
    }
}
