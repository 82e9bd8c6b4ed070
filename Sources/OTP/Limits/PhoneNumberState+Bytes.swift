// SPDX-License-Identifier: Apache-2.0

extension PhoneNumberState {
    /// The reason why bytes cannot be decoded as a ``PhoneNumberState``.
    public struct DecodingFailure: Error, Sendable, Hashable, CustomStringConvertible {
        private enum Base: String {
            case unknownVersion = "the bytes of a phone-number state have an unknown version: update all services"
            case corrupt = "the bytes of a phone-number state are corrupt"
        }

        private let base: Base

        private init(_ base: Base) { self.base = base }

        /// A newer version of the package has written the bytes.
        public static let unknownVersion = Self(.unknownVersion)
        /// The bytes are truncated, or a value is out of range.
        public static let corrupt = Self(.corrupt)

        /// An explanation of the failure for people.
        public var description: String { self.base.rawValue }
    }

    private static let version: UInt8 = 1

    /// The state in a versioned binary format, which a store can save in a database.
    ///
    /// | bytes | content |
    /// |---|---|
    /// | 1 | version, 1 |
    /// | 2, then 6 each | number of recorded sends, and their times, earliest first |
    /// | 1 | number of sends since the last reset of the cooldown |
    /// | 1 | number of consecutive rejected sends |
    /// | 1, then 6 if the first byte is 1 | whether there is a last rejection, and the time of this rejection |
    /// | 2, then 6 each | number of recorded failed attempts, and their times, earliest first |
    /// | 2 | number of consecutive failed attempts |
    /// | 2 | number of challenges, which follow in the order of their identifiers |
    ///
    /// Each challenge consists of these fields:
    ///
    /// | bytes | content |
    /// |---|---|
    /// | 2 with a length *n*, then *n* | identifier |
    /// | 2 with a length *n*, then *n* | ``ChallengeReference/check`` |
    /// | 2 with a length *n*, then *n* | key identifier of ``ProtectedCode`` |
    /// | 2 with a length *n*, then *n* | authenticator of ``ProtectedCode`` |
    /// | 2 with a length *n*, then *n* | sealed code of ``ProtectedCode`` |
    /// | 6 | expiry |
    /// | 1 | remaining attempts |
    /// | 1 | attempts made |
    /// | 1 | sends |
    ///
    /// Integers are unsigned, with the most significant byte first. Times are milliseconds since 1970.
    ///
    /// The bytes do not contain a phone number, but treat them as confidential. Decoding detects truncation and values out of
    /// range, but not every flipped bit.
    public var bytes: [UInt8] {
        var writer = StateWriter(version: Self.version)
        writer.append(self.sends.sendTimes)
        writer.append(self.sends.cooldownStep, size: 1)
        writer.append(self.sends.rejectionStep, size: 1)
        writer.append(self.sends.lastRejection == nil ? 0 : 1, size: 1)
        if let time = self.sends.lastRejection { writer.append(time) }
        writer.append(self.failures.failureTimes)
        writer.append(self.failures.streak, size: 2)
        writer.append(self.challenges.count, size: 2)
        for (id, challenge) in self.challenges.sorted(by: { $0.key.bytes.lexicographicallyPrecedes($1.key.bytes) }) {
            writer.append(id.bytes)
            writer.append(challenge)
        }
        return writer.bytes
    }

    /// Decodes a state.
    ///
    /// - Parameter bytes: The bytes of a state, from its property ``bytes``.
    /// - Throws: ``DecodingFailure`` if the version is unknown or the bytes are corrupt. No input causes a trap.
    public init(bytes: [UInt8]) throws(DecodingFailure) {
        var reader = StateReader(bytes)
        guard try reader.integer(size: 1) == Int(Self.version) else { throw .unknownVersion }
        self.init()
        self.sends.sendTimes = try reader.times()
        self.sends.cooldownStep = try reader.integer(size: 1)
        self.sends.rejectionStep = try reader.integer(size: 1)
        if try reader.flag() { self.sends.lastRejection = try reader.time() }
        self.failures.failureTimes = try reader.times()
        self.failures.streak = try reader.integer(size: 2)
        for _ in 0..<(try reader.integer(size: 2)) {
            let id = ChallengeID(bytes: try reader.field())
            self.challenges[id] = try reader.challenge()
        }
        // Each state must have exactly one encoding, so that equal states have equal bytes.
        guard reader.isAtEnd, self.isConsistent, self.bytes == bytes else { throw .corrupt }
    }

    /// Whether the values are consistent with each other.
    ///
    /// If there is no last rejection, the number of consecutive rejected sends must be 0. If there is a last rejection, this
    /// number must be at least 1. If the number of consecutive failed attempts is above 0, the time of a failed attempt must be
    /// recorded.
    private var isConsistent: Bool {
        (self.sends.lastRejection == nil) == (self.sends.rejectionStep == 0)
            && (self.failures.streak == 0 || !self.failures.failureTimes.isEmpty)
    }
}

/// Writes the binary form of a ``PhoneNumberState``.
private struct StateWriter {
    private(set) var bytes: [UInt8]

    init(version: UInt8) { self.bytes = [version] }

    /// Appends an integer of the given size in bytes, clamped to the largest value of this size.
    mutating func append(_ value: Int, size: Int) {
        let value = min(max(value, 0), 1 << (8 * size) - 1)
        for shift in (0..<size).reversed() { self.bytes.append(UInt8(truncatingIfNeeded: value >> (8 * shift))) }
    }

    mutating func append(_ time: StoreTime) {
        self.append(Int(clamping: time.milliseconds), size: 6)
    }

    mutating func append(_ times: [StoreTime]) {
        self.append(times.count, size: 2)
        for time in times { self.append(time) }
    }

    mutating func append(_ field: [UInt8]) {
        let field = field.prefix(0xFFFF)
        self.append(field.count, size: 2)
        self.bytes.append(contentsOf: field)
    }

    mutating func append(_ challenge: PhoneNumberState.LiveChallenge) {
        self.append(challenge.check)
        self.append(Array(challenge.code.keyID.utf8))
        self.append(challenge.code.authenticator)
        self.append(challenge.code.sealed)
        self.append(challenge.expiresAt)
        self.append(challenge.attemptsRemaining, size: 1)
        self.append(challenge.attemptsMade, size: 1)
        self.append(challenge.sendCount, size: 1)
    }
}

/// Reads the binary form of a ``PhoneNumberState``.
private struct StateReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { self.rest = bytes[...] }

    var isAtEnd: Bool { self.rest.isEmpty }

    private mutating func take(_ count: Int) throws(PhoneNumberState.DecodingFailure) -> ArraySlice<UInt8> {
        guard self.rest.count >= count else { throw .corrupt }
        defer { self.rest.removeFirst(count) }
        return self.rest.prefix(count)
    }

    mutating func integer(size: Int) throws(PhoneNumberState.DecodingFailure) -> Int {
        try self.take(size).reduce(0) { $0 << 8 | Int($1) }
    }

    mutating func flag() throws(PhoneNumberState.DecodingFailure) -> Bool {
        let value = try self.integer(size: 1)
        guard value <= 1 else { throw .corrupt }
        return value == 1
    }

    /// Reads a time.
    ///
    /// A time has 6 bytes, so sums of times and limits fit into 64 bits.
    mutating func time() throws(PhoneNumberState.DecodingFailure) -> StoreTime {
        StoreTime(milliseconds: Int64(try self.integer(size: 6)))
    }

    mutating func times() throws(PhoneNumberState.DecodingFailure) -> [StoreTime] {
        var times: [StoreTime] = []
        for _ in 0..<(try self.integer(size: 2)) { times.append(try self.time()) }
        return times
    }

    mutating func field() throws(PhoneNumberState.DecodingFailure) -> [UInt8] {
        Array(try self.take(try self.integer(size: 2)))
    }

    mutating func challenge() throws(PhoneNumberState.DecodingFailure) -> PhoneNumberState.LiveChallenge {
        let check = try self.field()
        guard let keyID = String(validating: try self.field(), as: UTF8.self) else { throw .corrupt }
        return PhoneNumberState.LiveChallenge(
            check: check,
            code: ProtectedCode(keyID: keyID, authenticator: try self.field(), sealed: try self.field()),
            expiresAt: try self.time(),
            attemptsRemaining: try self.integer(size: 1),
            attemptsMade: try self.integer(size: 1),
            sendCount: try self.integer(size: 1)
        )
    }
}
