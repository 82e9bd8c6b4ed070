// SPDX-License-Identifier: Apache-2.0

package import Hiredis

/// A key with its value and its TTL.
package typealias StoredKey = (key: String, value: [UInt8], lifetime: Int64)

extension RedisClient {
    private struct Unexpected: Error {}

    /// Returns every key with its string value and its TTL in milliseconds, which is -1 for a key without an expiry.
    ///
    /// - Parameter pattern: A glob for the keys.
    /// - Returns: The keys, in no particular order.
    /// - Throws: An error of the client, or an error if a reply has an unexpected form.
    package func contents(matching pattern: String = "*") async throws -> [StoredKey] {
        var contents: [StoredKey] = []
        var cursor = "0"
        repeat {
            let words: [RedisArgument] = [.text(cursor), "MATCH", .text(pattern), "COUNT", 1000]
            guard
                case .array(let page) = try await self.send("SCAN", words),
                page.count == 2, case .bulk(let next) = page[0], case .array(let keys) = page[1]
            else { throw Unexpected() }
            cursor = String(decoding: next, as: UTF8.self)
            for case .bulk(let key) in keys {
                guard
                    case .integer(let lifetime) = try await self.send("PTTL", [.bytes(key)]),
                    case .bulk(let value) = try await self.send("GET", [.bytes(key)])
                else { continue }
                contents.append((String(decoding: key, as: UTF8.self), value, lifetime))
            }
        } while cursor != "0"
        return contents
    }
}
