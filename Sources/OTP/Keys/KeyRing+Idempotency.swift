// SPDX-License-Identifier: Apache-2.0

extension KeyRing {
    /// Returns a keyed hash for requests with an idempotency key.
    ///
    /// The hash depends only on the first index key, which is rotated rarely.
    ///
    /// - Parameters:
    ///   - label: The use of the hash. Hashes for different uses are independent.
    ///   - values: The values to hash.
    /// - Returns: 32 bytes.
    func idempotencyHash(_ label: String, _ values: [[UInt8]]) -> [UInt8] {
        var fields = FieldEncoding()
        fields.append(label)
        for value in values { fields.append(value) }
        // The initializer of a ring rejects an empty list of index keys.
        return self.indexKeys[0].requestHash(fields)
    }
}
