// SPDX-License-Identifier: Apache-2.0

import OTP
import SMSKit
import Synchronization

/// Phone numbers with one live challenge each, and their Redis records.
struct Population: Sendable {
    /// A key with its value.
    struct Record: Sendable {
        var key: [UInt8]
        var value: [UInt8]

        /// The command that restores the record.
        var restoring: [UInt8] {
            RawConnection.encode([Array("SET".utf8), self.key, self.value, Array("PX".utf8), Array("600000".utf8)])
        }
    }

    var targets: [Target]

    /// All records, ordered by key.
    var records: [Record]

    /// Issues challenges for consecutive phone numbers in an empty Redis.
    static func make(_ count: Int, from start: Int = 0, url: String, keys: KeyRing, port: Int) async throws -> Self {
        let connection = try RawConnection(port: port)
        try connection.call("FLUSHALL")
        let codes = Mutex<[PhoneNumber: String]>([:])
        let sms = InstantSMSClient(refusesWrongCode: true) { message in
            codes.withLock { $0[message.recipient] = message.variables["code"] }
        }
        let workload = try Workload(url: url, keys: keys, sms: sms)
        let targets = Mutex<[Target]>([])
        let load = await Load.run(count, tasks: 64) { position in
            let number = Workload.number(start + position)
            do throws(OTPError) {
                let challenge = try await workload.service.issue(for: number, purpose: Workload.purpose)
                let code = codes.withLock { $0[number] }
                targets.withLock { $0.append(Target(number: number, token: challenge.token, code: code)) }
                return true
            } catch {
                return error.code == .deliveryFailed
            }
        }
        try await workload.shutdown()
        guard load.failures == 0 else { throw BenchError("\(load.failures) of \(count) challenges were not issued") }
        return Population(targets: targets.withLock { $0 }, records: try Self.records(connection))
    }

    /// Reads all records from Redis.
    static func records(_ connection: RawConnection) throws -> [Record] {
        guard case .array(let names) = try connection.call("KEYS", "*") else { return [] }
        let keys = names.compactMap { name -> [UInt8]? in
            guard case .bulk(let key) = name else { return nil }
            return key
        }
        let gets = keys.map { RawConnection.encode([Array("GET".utf8), $0]) }
        return try zip(keys, connection.pipeline(gets, depth: 256))
            .map { key, reply in
                guard case .bulk(let value) = reply else { throw BenchError("a record is not a string") }
                return Record(key: key, value: value)
            }
            .sorted { $0.key.lexicographicallyPrecedes($1.key) }
    }
}
