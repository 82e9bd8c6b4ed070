import Crypto
import SMSKit

/// Makes the pseudonyms of numbers.
///
/// It is a class so that a step holds it by one reference, and not by one for each of its states.
final class IndexKey: Sendable {
    let id: String
    private let numberHash: KeyedHash

    init(_ master: KeyRing.Key) {
        self.id = master.id
        self.numberHash = KeyedHash(key: master.derive("otp/v1/number"), prefix: "number", "1")
    }

    /// The first 128 bits of a keyed hash: over a thousand million numbers, two collide with a probability of 1e-21.
    func index(of number: PhoneNumber) -> PhoneNumberIndex {
        var fields = FieldEncoding()
        fields.append(number.e164)
        return PhoneNumberIndex(bytes: self.numberHash(fields, count: 16))
    }
}
