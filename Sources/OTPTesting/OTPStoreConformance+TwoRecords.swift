// SPDX-License-Identifier: Apache-2.0

import OTP

extension OTPStoreConformance {
    /// Checks the operations on a phone number that has two records.
    ///
    /// A phone number has one blind index for each index key, and each blind index can have a record. Two processes whose index
    /// keys are in different orders can therefore create two records at the same time. Afterwards, every process must use the
    /// record with the lowest blind index. A deletion must apply to both records.
    ///
    /// - Throws: ``Failure``, or an error of the store.
    public func checkTwoRecords() async throws {
        try await self.checkRecordInUse()
        try await self.checkDeletionsReachBothRecords()
        try await self.checkReleaseInTwoRecords()
        try await self.checkCancelOfTwoRecords()
    }

    private func checkRecordInUse() async throws {
        let pair = try await TwoRecords(self)
        for number in pair.orders {
            let used = try await self.store.status(of: pair.low.challenge.id, for: number, limits: .init())
            try self.expect(used != nil, "the record with the lowest index is not used")
            let unused = try await self.store.status(of: pair.high.challenge.id, for: number, limits: .init())
            try self.expect(unused == nil, "a record without the lowest index is used")
        }
    }

    /// Checks that a success resets the count of consecutive failures in both records, and that `unlock` clears both records.
    private func checkDeletionsReachBothRecords() async throws {
        var settings = OTPLimits()
        settings.consecutiveFailures = 2
        let limits = try StoreLimits(settings)
        for isUnlocked in [false, true] {
            let pair = try await TwoRecords(self, limits)
            for example in [pair.low, pair.high] {
                let wrong = Attempt(candidates: [.init(keyID: example.code.keyID, authenticator: randomBytes(32))])
                _ = try await self.store.verify(wrong, of: example.challenge, for: example.number, limits: limits)
            }
            if isUnlocked {
                try await self.store.unlock(pair.orders[1], limits: limits)
            } else {
                let right = pair.low.rightAttempt
                _ = try await self.store.verify(right, of: pair.low.challenge, for: pair.orders[1], limits: limits)
            }
            let wrong = Attempt(candidates: [.init(keyID: pair.high.code.keyID, authenticator: randomBytes(32))])
            var compared = 0
            for _ in 0..<2 {
                let number = pair.high.number
                let decision = try await self.store.verify(wrong, of: pair.high.challenge, for: number, limits: limits)
                if case .mismatched = decision { compared += 1 }
            }
            try self.expect(compared == 2, "a failure streak came back after \(isUnlocked ? "unlock" : "a success")")
        }
    }

    /// Checks that a send is released in the record that counted the send.
    private func checkReleaseInTwoRecords() async throws {
        let pair = try await TwoRecords(self)
        for (example, time) in [(pair.high, pair.highTime), (pair.low, pair.lowTime)] {
            let reservation = SendReservation(challenge: example.challenge.id, time: time, kind: .first)
            try await self.store.release(reservation, for: pair.orders[0], limits: .init())
            // A rejected message starts a separate cooldown.
            try await self.advance(.seconds(2))
            let other = Example.random()
            let decision = try await self.store
                .issue(other.challenge, code: other.code, for: example.number, limits: .init())
            guard case .admitted = decision else {
                throw Failure(description: "a released message still counts: \(decision)")
            }
        }
    }

    /// Checks that a cancellation deletes the challenge from every record that contains it, for any order of the caller's keys.
    private func checkCancelOfTwoRecords() async throws {
        let pair = try await TwoRecords(self)
        for (example, number) in zip([pair.high, pair.low], pair.orders) {
            let isFirst = try await self.store.cancel(example.challenge.id, for: number, limits: .init())
            try self.expect(isFirst, "a challenge was not found")
            try await self.expectAbsence(example.challenge.id, in: example.number)
            let isSecond = try await self.store.cancel(example.challenge.id, for: number, limits: .init())
            try self.expect(!isSecond, "a challenge was cancelled twice")
        }
        // A tokenless challenge has the same identifier in both records.
        try await self.advance(.seconds(60))
        for number in [pair.low.number, pair.high.number] {
            _ = try await self.store.issue(pair.low.challenge, code: pair.low.code, for: number, limits: .init())
            let status = try await self.store.status(of: pair.low.challenge.id, for: number, limits: .init())
            try self.expect(status != nil, "a challenge was not reissued")
        }
        _ = try await self.store.cancel(pair.low.challenge.id, for: pair.orders[0], limits: .init())
        for example in [pair.low, pair.high] { try await self.expectAbsence(pair.low.challenge.id, in: example.number) }
    }

    private func expectAbsence(_ challenge: ChallengeID, in number: PhoneNumberIndexes) async throws {
        let status = try await self.store.status(of: challenge, for: number, limits: .init())
        try self.expect(status == nil, "a cancelled challenge still exists")
    }
}

/// A phone number with two records, each of which contains a challenge.
private struct TwoRecords {
    /// The phone number, the challenge and the code of the record with the lower blind index.
    ///
    /// Every operation of the store must use this record, for any order of the indexes.
    var low: Example
    var lowTime: StoreTime
    /// The phone number, the challenge and the code of the record with the higher blind index.
    var high: Example
    var highTime: StoreTime

    /// The two blind indexes of the phone number, in both orders.
    ///
    /// The current index is the lower index in the first element, and the higher index in the second element.
    var orders: [PhoneNumberIndexes] {
        let (low, high) = (self.low.number.current, self.high.number.current)
        return [PhoneNumberIndexes(low, others: [high]), PhoneNumberIndexes(high, others: [low])]
    }

    init(_ check: OTPStoreConformance, _ limits: StoreLimits = .init()) async throws {
        let examples = [Example.random(), .random()]
            .sorted {
                $0.number.current.bytes.lexicographicallyPrecedes($1.number.current.bytes)
            }
        self.low = examples[0]
        self.high = examples[1]
        self.lowTime = try await check.expectAdmission(self.low, limits).time
        self.highTime = try await check.expectAdmission(self.high, limits).time
    }
}
