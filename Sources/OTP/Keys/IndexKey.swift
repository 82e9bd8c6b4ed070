// SPDX-License-Identifier: Apache-2.0

import Crypto
import SMSKit

/// Derives the blind indexes of phone numbers, and the names of a guard's scopes.
///
/// A blind index is the keyed hash under which a store keeps the record of a number. A scope is a set of requests that share
/// limits, such as all requests from one network.
final class IndexKey: Sendable {
    let id: String
    private let numberHash: KeyedHash
    private let testNumberHash: KeyedHash
    private let scopeHash: KeyedHash
    private let idempotencyHash: KeyedHash

    init(_ master: KeyRing.Key) {
        self.id = master.id
        let key = master.derive("otp/v1/number")
        self.numberHash = KeyedHash(key: key, prefix: "number", "1")
        self.testNumberHash = KeyedHash(key: key, prefix: "test-number", "1")
        self.scopeHash = KeyedHash(key: master.derive("otp/v1/scope"), prefix: "scope", "1")
        self.idempotencyHash = KeyedHash(key: master.derive("otp/v1/idempotency"), prefix: "idempotency", "1")
    }

    /// Returns the blind index of a number, which is the first 128 bits of a keyed hash.
    ///
    /// Among a billion numbers, the probability of a collision is 1e-21.
    func index(of number: PhoneNumber) -> PhoneNumberIndex { self.index(of: number, self.numberHash) }

    /// Returns the blind index of a test number.
    ///
    /// The index differs from the index that ``index(of:)`` returns for the same number.
    func index(ofTest number: PhoneNumber) -> PhoneNumberIndex { self.index(of: number, self.testNumberHash) }

    private func index(of number: PhoneNumber, _ hash: KeyedHash) -> PhoneNumberIndex {
        var fields = FieldEncoding()
        fields.append(number.e164)
        return PhoneNumberIndex(bytes: hash(fields, count: 16))
    }

    /// Returns the name of a guard's scope.
    ///
    /// A scope is a set of requests that share limits, such as all requests from one network. The name is a keyed hash of the
    /// encoded fields of the scope.
    func scopeName(of bytes: [UInt8]) -> [UInt8] {
        var fields = FieldEncoding()
        fields.append(bytes)
        return self.scopeHash(fields, count: 16)
    }

    /// Returns a keyed hash of encoded fields, for requests that have an idempotency key.
    func requestHash(_ fields: FieldEncoding) -> [UInt8] { self.idempotencyHash(fields) }
}
