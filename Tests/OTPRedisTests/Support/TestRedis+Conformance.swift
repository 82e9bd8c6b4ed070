// SPDX-License-Identifier: Apache-2.0

import OTP
import OTPRedis
import OTPTesting

extension TestRedis {
    /// The failure of a conformance check, with the decoded records of the store.
    struct ConformanceFailure: Error, CustomStringConvertible {
        let description: String
    }

    /// Runs conformance checks.
    ///
    /// If a check fails, the error also contains the records with the latest events.
    func showingRecords<Result>(_ check: () async throws -> Result) async throws -> Result {
        do {
            return try await check()
        } catch let failure as OTPStoreConformance.Failure {
            let records = try await self.latestRecords(3)
            throw ConformanceFailure(description: ([failure.description] + records).joined(separator: "\n\n"))
        }
    }

    /// Describes the records with the latest events, which belong to the last steps.
    private func latestRecords(_ count: Int) async throws -> [String] {
        var records: [(event: StoreTime, text: String)] = []
        for (key, value, _) in try await self.contents() where !key.hasSuffix(":p") && !key.hasSuffix("{clock}") {
            do {
                let record = try PhoneNumberRecord(value)
                var events = record.sendTimes + record.failureTimes + record.challenges.compactMap(\.expiresAt)
                if let refusal = record.lastRefusal { events.append(refusal) }
                records.append((events.max() ?? StoreTime(milliseconds: 0), "\(key)\n\(record)"))
            } catch {
                records.append((StoreTime(milliseconds: 0), "\(key) is malformed: \(error)"))
            }
        }
        return records.sorted { $0.event > $1.event }.prefix(count).map(\.text)
    }
}
