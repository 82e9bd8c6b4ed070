// SPDX-License-Identifier: Apache-2.0

import Crypto
import SMSKit

/// Signs device tokens with one key.
struct DeviceKey: Sendable {
    let id: String
    private let hash: KeyedHash

    init(id: String, key: SymmetricKey) {
        self.id = id
        self.hash = KeyedHash(key: key, prefix: "device", "1", id)
    }

    /// Returns a new token for a device that has verified a phone number.
    func token(for number: PhoneNumber, tenant: String, issuedAt time: StoreTime) -> DeviceToken {
        DeviceToken(keyID: self.id, issuedAt: time, signature: self.hash(Self.encode(number, tenant, time)))
    }

    /// Returns whether this key signed the token for the number and the tenant.
    ///
    /// The age of the token is not checked.
    func isValid(_ token: DeviceToken, for number: PhoneNumber, tenant: String) -> Bool {
        // `SymmetricKey` compares in constant time.
        SymmetricKey(data: self.hash(Self.encode(number, tenant, token.issuedAt))) == token.signature
    }

    private static func encode(_ number: PhoneNumber, _ tenant: String, _ time: StoreTime) -> FieldEncoding {
        var fields = FieldEncoding()
        fields.append(tenant)
        fields.append(number.e164)
        fields.append(String(time.milliseconds))
        return fields
    }
}
