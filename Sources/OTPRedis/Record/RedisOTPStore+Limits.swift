// SPDX-License-Identifier: Apache-2.0

package import OTP

extension RedisOTPStore: LimitReader {
    /// Returns how much of each limit a phone number has used.
    ///
    /// - Parameters:
    ///   - number: The blind indexes of the phone number.
    ///   - lanes: The limits for callers with a device token, and the limits for callers without one.
    /// - Returns: The uses of the limits; empty if there is no record, or if the record cannot be decoded.
    /// - Throws: ``RedisError`` if the server is not reachable.
    package func limits(of number: PhoneNumberIndexes, _ lanes: LaneLimits) async throws -> NumberLimits {
        let (records, time) = try await self.inspect(number)
        let record = try? records.first(where: \.isUsed)?.content.get()
        let (open, device) = (try StoreLimits(lanes.open), try StoreLimits(lanes.device))
        return NumberLimits(
            time: time,
            open: record?.limitUses(open, at: time) ?? [],
            device: record?.limitUses(device, at: time) ?? []
        )
    }
}
