// SPDX-License-Identifier: Apache-2.0

import OTP

/// The clock record of all processes: the epoch, and the highest time that any process has read from each Redis primary.
///
/// A new epoch (`ClockEpoch`) begins when a clock is set back. The key is `otp:{clock}`. All numbers in the value are
/// big-endian:
///
/// | bytes | content |
/// |---|---|
/// | 8 | the random number of the epoch; 0 for the initial epoch |
/// | 8 for each primary | a mark: 2 bytes for the primary's lowest hash slot, and 6 bytes for the time |
///
/// A failover does not change the lowest hash slot of a primary.
///
/// If the highest time of all earlier epochs (`ClockEpoch.previousEnd`) is known, the value contains one more mark. In this
/// mark, the number 16,384 replaces the hash slot.
struct ClockRecord: Sendable, Hashable {
    /// The TTL of the key: 400 days, about the maximum lifetime of a phone-number record.
    ///
    /// Every clock check renews the TTL.
    static let ttl = Duration.seconds(400 * 86_400)

    /// The age at which the mark of an unreachable primary is removed.
    ///
    /// The age is the difference between the mark and the newest time of the reachable primaries.
    private static let longestAbsence = Duration.seconds(86_400)

    /// The number that replaces the hash slot in the mark with `ClockEpoch.previousEnd`.
    private static let endNumber = 16_384

    private static let epochSize = 8
    private static let markSize = 2 + RecordLayout.timeSize

    /// The constants for the Lua script.
    static var constants: [String: String] { ["CLOCK.ttl": "\(Self.ttl.milliseconds)"] }

    /// The epoch of all clocks.
    var epoch = ClockEpoch.initial

    /// The highest time that was read from each primary in this epoch, keyed by the primary's lowest hash slot.
    var marks: [Int: StoreTime] = [:]

    /// Creates the initial record, before any process has read a clock.
    init() {}

    /// Decodes a record.
    ///
    /// Empty bytes are decoded as the initial record.
    ///
    /// - Throws: ``ScriptReply/unexpected`` if the bytes are not a record.
    init(_ bytes: [UInt8]) throws {
        guard !bytes.isEmpty else { return }
        guard bytes.count >= Self.epochSize, (bytes.count - Self.epochSize) % Self.markSize == 0 else {
            throw ScriptReply.unexpected
        }
        let rawValue = bytes[..<Self.epochSize].reduce(0) { $0 << 8 | UInt64($1) }
        for start in stride(from: Self.epochSize, to: bytes.count, by: Self.markSize) {
            let slot = Int(bytes[start]) << 8 | Int(bytes[start + 1])
            let time = bytes[start + 2..<start + Self.markSize].reduce(0) { $0 << 8 | Int64($1) }
            self.marks[slot] = StoreTime(milliseconds: time)
        }
        self.epoch = ClockEpoch(rawValue: rawValue, previousEnd: self.marks.removeValue(forKey: Self.endNumber))
    }

    /// The record in binary form.
    var bytes: [UInt8] {
        func bigEndian(_ number: UInt64, _ size: Int) -> [UInt8] {
            (0..<size).reversed().map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
        }
        var marks = self.marks
        marks[Self.endNumber] = self.epoch.previousEnd
        return marks.sorted { $0.key < $1.key }
            .reduce(into: bigEndian(self.epoch.rawValue, Self.epochSize)) { bytes, mark in
                bytes += bigEndian(UInt64(truncatingIfNeeded: mark.key), Self.markSize - RecordLayout.timeSize)
                bytes += bigEndian(UInt64(clamping: mark.value.milliseconds), RecordLayout.timeSize)
            }
    }

    /// Returns a copy of the record in which each mark is raised to the given time of its primary, if that time is later.
    func raised(to times: [Int: StoreTime]) -> Self {
        var record = self
        record.marks.merge(times) { max($0, $1) }
        record.drop(before: times)
        return record
    }

    /// Returns the record for a new epoch, with the marks set to the given times.
    ///
    /// - Parameters:
    ///   - rawValue: The random number of the epoch.
    ///   - times: The times that were read from the primaries, keyed by the lowest hash slot of each primary.
    ///   - latest: An upper bound of the times that the clocks showed in the ending epoch; `nil` if no bound is known.
    /// - Returns: The record.
    func restarted(_ rawValue: UInt64, at times: [Int: StoreTime], after latest: StoreTime? = nil) -> Self {
        var record = self
        let ends = times.keys.compactMap { self.marks[$0] } + [self.epoch.previousEnd, latest].compactMap { $0 }
        record.epoch = ClockEpoch(rawValue: rawValue, previousEnd: ends.max())
        record.marks.merge(times) { $1 }
        record.drop(before: times)
        return record
    }

    private mutating func drop(before times: [Int: StoreTime]) {
        guard let newest = times.values.max() else { return }
        self.marks = self.marks.filter { times[$0.key] != nil || newest - $0.value < Self.longestAbsence }
    }
}
