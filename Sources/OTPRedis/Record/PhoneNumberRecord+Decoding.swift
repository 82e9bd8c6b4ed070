// SPDX-License-Identifier: Apache-2.0

import OTP

extension PhoneNumberRecord {
    /// The reason why bytes are not a valid record.
    ///
    /// The description contains no bytes of the record.
    package struct Malformed: Error, Hashable, CustomStringConvertible {
        /// The reason, as an explanation for people.
        package let description: String

        init(_ description: String) {
            self.description = description
        }
    }

    /// Decodes a record.
    ///
    /// No input causes a trap.
    ///
    /// - Parameter bytes: The value of the record's key.
    /// - Throws: ``Malformed`` if the bytes are not a valid record, or if the layout version is not `RecordLayout.version`.
    package init(_ bytes: [UInt8]) throws(Malformed) {
        guard bytes.count >= RecordLayout.Header.size + RecordLayout.State.size else {
            throw Malformed("the record is shorter than an empty record: \(bytes.count) bytes")
        }
        let state = Section<RecordLayout.State>(bytes, at: bytes.count - RecordLayout.State.size)
        guard state[.version] == RecordLayout.version else {
            throw Malformed("the record has version \(state[.version]), and this program reads \(RecordLayout.version)")
        }
        let header = Section<RecordLayout.Header>(bytes, at: 0)
        let failures = state[.failureCount]
        let sendsEnd = RecordLayout.Header.size + header[.sendsLength]
        let challengesEnd = bytes.count - RecordLayout.State.size - RecordLayout.failureSize * failures
        guard sendsEnd <= challengesEnd else { throw Malformed("the parts of the record are longer than the record") }

        self.cooldownStep = header[.cooldownStep]
        (self.refusedSends, self.lastRefusal, self.sendTimes) = try Self.sends(
            bytes[RecordLayout.Header.size..<sendsEnd]
        )
        self.challenges = try Self.challenges(bytes, sendsEnd..<challengesEnd, state)
        let firstFailure = challengesEnd + RecordLayout.State.size
        self.failureTimes = (0..<failures)
            .map {
                Section<RecordLayout.Send>(bytes, at: firstFailure + $0 * RecordLayout.failureSize).storeTime(.time)
            }
        self.failureStreak = state[.failureStreak]
    }

    private static func sends(
        _ bytes: ArraySlice<UInt8>
    ) throws(Malformed) -> (refused: Int, lastRefusal: StoreTime?, times: [StoreTime]) {
        typealias Refusals = RecordLayout.Refusals
        let size = RecordLayout.Send.size
        let hasRefusals = bytes.count % size == Refusals.size % size && bytes.count >= Refusals.size
        guard hasRefusals || bytes.count % size == 0 else { throw Malformed("the length of the sends is impossible") }
        let first = bytes.startIndex + (hasRefusals ? Refusals.size : 0)
        let times = stride(from: first, to: bytes.endIndex, by: size)
            .map { Section<RecordLayout.Send>(bytes, at: $0).storeTime(.time) }
        guard hasRefusals else { return (0, nil, times) }
        let refusals = Section<Refusals>(bytes, at: bytes.startIndex)
        return (refusals[.refusedSends], refusals.storeTime(.lastRefusal), times)
    }

    private static func challenges(
        _ bytes: [UInt8],
        _ range: Range<Int>,
        _ state: Section<RecordLayout.State>
    ) throws(Malformed) -> [Challenge] {
        var challenges: [Challenge] = []
        var start = range.lowerBound
        // The last state contains the current counts of one challenge. The counts in the challenge itself are outdated, and the
        // state contains their position.
        var mustFindCounts = state[.attemptsMade] > 0
        while start < range.upperBound {
            var (challenge, counts, end) = try Self.challenge(bytes[start..<range.upperBound])
            // Positions in Lua begin at 1.
            if mustFindCounts, state[.countsPosition] == counts + 1 {
                challenge.attemptsRemaining = state[.attemptsRemaining]
                challenge.attemptsMade = state[.attemptsMade]
                mustFindCounts = false
            }
            challenges.append(challenge)
            start = end
        }
        guard !mustFindCounts else { throw Malformed("the state names a challenge that the record does not hold") }
        return challenges
    }

    /// Decodes the first challenge in a slice.
    ///
    /// - Returns: The challenge, the position of its counts, and the position of its end.
    private static func challenge(
        _ bytes: ArraySlice<UInt8>
    ) throws(Malformed) -> (challenge: Challenge, counts: Int, end: Int) {
        typealias Head = RecordLayout.ChallengeHead
        typealias Counts = RecordLayout.ChallengeCounts
        let truncated = Malformed("a challenge is truncated")
        guard bytes.count >= Head.size else { throw truncated }
        let keyIDStart = bytes.startIndex + Head.size
        let keyIDEnd = keyIDStart + Section<Head>(bytes, at: bytes.startIndex)[.keyIDLength]
        let countsStart = keyIDEnd + RecordLayout.authenticatorSize
        guard countsStart + Counts.size <= bytes.endIndex else { throw truncated }
        let counts = Section<Counts>(bytes, at: countsStart)
        let end = countsStart + Counts.size + counts[.sealedLength]
        guard end <= bytes.endIndex else { throw truncated }
        let keyID = bytes[keyIDStart..<keyIDEnd]
        guard keyID.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw Malformed("a key ID is not printable ASCII")
        }
        let expiry = counts.storeTime(.expiry)
        let challenge = Challenge(
            keyID: String(decoding: keyID, as: UTF8.self),
            attemptsRemaining: counts[.attemptsRemaining],
            attemptsMade: counts[.attemptsMade],
            expiresAt: expiry.milliseconds == 0 ? nil : expiry,
            sends: counts[.sends],
            hasSealedCode: counts[.sealedLength] > 0
        )
        return (challenge, countsStart, end)
    }
}

/// A reader for the numbers in one section of a record (``PackedFields``).
///
/// The caller must have checked that the bytes contain the whole section.
private struct Section<Field: PackedFields> {
    private let bytes: ArraySlice<UInt8>

    init(_ bytes: [UInt8], at start: Int) {
        self.init(bytes[...], at: start)
    }

    init(_ bytes: ArraySlice<UInt8>, at start: Int) {
        self.bytes = bytes[start..<(start + Field.size)]
    }

    /// Reads a field of at most 6 bytes.
    subscript(field: Field) -> Int {
        let start = self.bytes.startIndex + field.offset
        return self.bytes[start..<(start + field.size)].reduce(0) { $0 << 8 | Int($1) }
    }

    func storeTime(_ field: Field) -> StoreTime {
        StoreTime(milliseconds: Int64(self[field]))
    }
}
