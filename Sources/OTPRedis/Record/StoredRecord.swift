// SPDX-License-Identifier: Apache-2.0

import Hiredis
package import OTP

/// The stored record of a phone number under one of its blind indexes.
package struct StoredRecord: Sendable {
    /// Whether the store uses this record.
    ///
    /// During the rotation of an index key, a phone number can also have an unused record under another blind index.
    package var isUsed: Bool

    /// The size of the record in bytes.
    package var size: Int

    /// The record, or the reason why it cannot be decoded.
    package var content: Result<PhoneNumberRecord, PhoneNumberRecord.Malformed>
}

extension RedisOTPStore {
    /// Reads the records of a phone number without changing them.
    ///
    /// - Parameter number: The blind indexes of the phone number.
    /// - Returns: The records and the server's time. The store uses the first record.
    /// - Throws: ``RedisError`` if the server is not reachable.
    package func inspect(_ number: PhoneNumberIndexes) async throws -> (records: [StoredRecord], time: StoreTime) {
        let values = try await Self.concurrently(number.all) { index in
            (index: index, reply: try await self.client.send("GET", .text(self.keys.number(index))))
        }
        let used = number.records(existing: values.filter { $0.reply != .null }.map(\.index)).used
        let records = try values.compactMap { index, reply -> StoredRecord? in
            switch reply {
            case .null: return nil
            case .bulk(let bytes):
                let content = Result { () throws(PhoneNumberRecord.Malformed) in try PhoneNumberRecord(bytes) }
                return StoredRecord(isUsed: index == used, size: bytes.count, content: content)
            default: throw ScriptReply.unexpected
            }
        }
        return (
            records.filter(\.isUsed) + records.filter { !$0.isUsed }, try StoreTime(try await self.client.send("TIME"))
        )
    }

}
