// SPDX-License-Identifier: Apache-2.0

import Foundation
import JSONOutput
import OTP
import OTPRedis
import OperatorReports

/// The records of a phone number, in the format of `otp inspect --json`.
struct NumberReport: Encodable {
    var to: String
    var time: Date
    var records: [RecordReport]
}

/// One record of a phone number, without challenge IDs, authenticators and sealed codes.
struct RecordReport: Encodable {
    struct Challenge: Encodable {
        var attemptsRemaining: Int
        var attemptsMade: Int
        var sends: Int
        var expiresAt: Date?
        var keyID: String
        var hasSealedCode: Bool
    }

    var isUsed: Bool
    var size: Int
    /// The reason why the record cannot be decoded; `nil` if the record was decoded.
    ///
    /// If there is an error, all properties below are `nil`.
    var error: String?
    var cooldownStep: Int?
    var sends: [Date]?
    var refusedSends: Int?
    var lastRefusal: Date?
    var failures: [Date]?
    var failureStreak: Int?
    var challenges: [Challenge]?
    var limits: [LimitReport]?
    /// The limits for known devices; `nil` if the policy has no separate limits for known devices.
    var deviceLimits: [LimitReport]?

    init(_ stored: StoredRecord, _ limits: StoreLimits, device: StoreLimits?, at now: StoreTime) {
        self.isUsed = stored.isUsed
        self.size = stored.size
        switch stored.content {
        case .failure(let malformed): self.error = malformed.description
        case .success(let record):
            self.fill(record)
            self.limits = Self.limits(record, limits, now)
            self.deviceLimits = device.map { Self.limits(record, $0, now) }
        }
    }

    private mutating func fill(_ record: PhoneNumberRecord) {
        self.cooldownStep = record.cooldownStep
        self.sends = record.sendTimes.map(\.date)
        self.refusedSends = record.refusedSends
        self.lastRefusal = record.lastRefusal?.date
        self.failures = record.failureTimes.map(\.date)
        self.failureStreak = record.failureStreak
        self.challenges = record.challenges.map {
            Challenge(
                attemptsRemaining: $0.attemptsRemaining,
                attemptsMade: $0.attemptsMade,
                sends: $0.sends,
                expiresAt: $0.expiresAt?.date,
                keyID: $0.keyID,
                hasSealedCode: $0.hasSealedCode
            )
        }
    }

    private static func limits(_ record: PhoneNumberRecord, _ limits: StoreLimits, _ now: StoreTime) -> [LimitReport] {
        record.limitUses(limits, at: now).map(LimitReport.init)
    }
}

extension StoredRecord {
    /// Returns the record and its limits as lines of text.
    func text(_ limits: StoreLimits, device: StoreLimits?, at now: StoreTime) -> String {
        let title = "record of \(self.size) bytes\(self.isUsed ? "" : ", out of use")"
        switch self.content {
        case .failure(let malformed): return "\(title)\nit cannot be decoded: \(malformed)"
        case .success(let record):
            func uses(_ limits: StoreLimits) -> [String] { record.limitUses(limits, at: now).map { "  \($0.text)" } }
            let deviceUses = device.map { ["limits of known devices:"] + uses($0) } ?? []
            return ([title, record.description, "limits:"] + uses(limits) + deviceUses).joined(separator: "\n")
        }
    }
}

extension LimitUse {
    fileprivate var text: String {
        let window = self.window.map { " in \($0.wholeSeconds) s" } ?? ""
        let allowed = self.allowed.map { " of \($0)" } ?? ""
        let until = self.refusesUntil.map { ", refuses until \($0.date.rfc3339)" }
        return "\(self.name): \(self.used)\(allowed)\(window)\(until ?? (self.refuses ? ", refuses until unlock" : ""))"
    }
}
