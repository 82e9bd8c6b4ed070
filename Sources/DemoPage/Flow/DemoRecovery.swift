// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import SMSKit

/// The recovery codes of all accounts, and the failed attempts of each phone number.
actor DemoRecovery {
    /// The result of an attempt to sign in with a recovery code.
    enum Outcome: Sendable, Hashable {
        /// The code was right. It cannot be used again.
        case accepted(DemoAccounts.ID)
        /// The code was wrong. After the last allowed attempt, the phone number is locked until the given time. Otherwise, the
        /// time is `nil`.
        case refused(until: Date?)
        /// The code was wrong, and the phone number was already locked.
        case locked(until: Date)
    }

    /// A stored code.
    private struct Entry {
        /// A keyed hash of the code and its account, in a type that compares in constant time.
        var hash: SymmetricKey
        var isUsed = false
    }

    /// The number of codes in a set.
    static let count = 8

    /// The number of failed attempts with one phone number after which this phone number is locked.
    private static let maximumFailures = 10

    /// The key of the hashes.
    ///
    /// A fast hash suffices, because a code has 74 random bits. The key and the hashes are only in the memory of this process.
    private let key = SymmetricKey(size: .bits256)
    private var sets: [DemoAccounts.ID: [Entry]] = [:]
    private var failures: [PhoneNumber: FailureWindow] = [:]
    private let maximumNumbers: Int

    /// Random entries that never match.
    ///
    /// A code is compared with these entries if the account has no codes, or if the phone number has no account. The comparison
    /// then takes as long as with an account that has codes.
    private let unknown = (1...DemoRecovery.count).map { _ in Entry(hash: SymmetricKey(size: .bits256), isUsed: true) }

    /// Creates an actor without recovery codes.
    ///
    /// - Parameter maximumNumbers: The maximum number of phone numbers whose failed attempts are counted. At the maximum, a new
    ///   number replaces the number whose count expires first.
    init(maximumNumbers: Int = 1000) { self.maximumNumbers = maximumNumbers }

    /// The number of phone numbers whose failed attempts are counted.
    var numberCount: Int { self.failures.count }

    /// Creates new codes for an account, and invalidates its old codes.
    func renew(_ account: DemoAccounts.ID) -> [RecoveryCode] {
        let codes = (1...Self.count).map { _ in RecoveryCode.random() }
        self.sets[account] = codes.map { Entry(hash: self.hash($0, of: account)) }
        return codes
    }

    /// Returns the number of unused codes; `nil` if the account has never had codes.
    func remaining(of account: DemoAccounts.ID) -> Int? { self.sets[account]?.count { !$0.isUsed } }

    /// Uses a recovery code.
    ///
    /// An unknown phone number, an account without codes and a wrong code have the same result after the same time. A success
    /// does not clear the failed attempts, because a cleared count would reveal that the number has an account.
    ///
    /// - Parameters:
    ///   - code: The code.
    ///   - account: The account of the phone number; `nil` if the number has no account.
    ///   - number: The phone number that the user entered.
    ///   - now: The current time.
    /// - Returns: The result.
    func redeem(
        _ code: RecoveryCode,
        of account: DemoAccounts.ID?,
        _ number: PhoneNumber,
        at now: Date
    ) -> Outcome {
        let entries = account.flatMap { self.sets[$0] } ?? self.unknown
        // Account 0 does not exist.
        let hash = self.hash(code, of: account ?? 0)
        var match: Int?
        // The loop always compares all hashes, so the duration does not depend on the position of a match.
        for (index, entry) in entries.enumerated() where entry.hash == hash { match = index }
        // A lock refuses only wrong codes. Otherwise, anyone could keep the owner out.
        guard let account, let match, !entries[match].isUsed else {
            if let end = self.failures[number]?.refusal(after: Self.maximumFailures, at: now) {
                return .locked(until: end)
            }
            return .refused(until: self.recordFailure(of: number, at: now))
        }
        self.sets[account]?[match].isUsed = true
        return .accepted(account)
    }

    private func hash(_ code: RecoveryCode, of account: DemoAccounts.ID) -> SymmetricKey {
        SymmetricKey(
            data: HMAC<SHA256>.authenticationCode(for: Array("\(account) \(code.text)".utf8), using: self.key)
        )
    }

    /// Counts a failed attempt, and returns the end of the lock if this was the last allowed attempt.
    ///
    /// The actor counts the failed attempts of a limited number of phone numbers. At the maximum, a new phone number replaces
    /// the phone number whose count expires first. An attacker can thus reset the count of a phone number by entering many
    /// other phone numbers, but still has to guess the 74 random bits of a code.
    private func recordFailure(of number: PhoneNumber, at now: Date) -> Date? {
        if self.failures[number] == nil, self.failures.count >= self.maximumNumbers {
            self.failures = self.failures.filter { $0.value.end > now }
            if self.failures.count >= self.maximumNumbers,
                let first = self.failures.min(by: { $0.value.end < $1.value.end })
            {
                self.failures[first.key] = nil
            }
        }
        self.failures[number, default: FailureWindow()].record(at: now, maximum: Self.maximumFailures)
        return self.failures[number]?.refusal(after: Self.maximumFailures, at: now)
    }
}
