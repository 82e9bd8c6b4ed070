// SPDX-License-Identifier: Apache-2.0

import Foundation
import MovableClock
import OTP
import Testing

@testable import OTPRedis

/// A record whose bytes must not change within a version of the layout.
///
/// The record consists of a history of steps and the resulting bytes in Redis.
struct GoldenRecord: Sendable, CustomTestStringConvertible {
    /// A step, and the wait before it.
    struct Step: Sendable {
        enum Action: Sendable {
            case issue(Int)
            case wrongAttempt(Int)
            case rightAttempt(Int)
            case resend(Int)
            case releaseFirstSend(Int)
        }

        var wait: Duration
        var action: Action
    }

    var name: String
    var steps: [Step]

    var testDescription: String { self.name }

    /// The time of the first step: 2026-01-01 00:00:00 UTC.
    static let start = StoreTime(milliseconds: 1_767_225_600_000)

    static let all: [Self] = [
        Self(name: "issued", steps: [.init(wait: .zero, action: .issue(1))]),
        Self(
            name: "attempted",
            steps: [
                .init(wait: .zero, action: .issue(1)), .init(wait: .seconds(5), action: .wrongAttempt(1)),
                .init(wait: .seconds(5), action: .wrongAttempt(1)),
            ]
        ),
        Self(
            name: "refused",
            steps: [
                .init(wait: .zero, action: .issue(1)), .init(wait: .seconds(1), action: .releaseFirstSend(1)),
            ]
        ),
        Self(
            name: "resent",
            steps: [
                .init(wait: .zero, action: .issue(1)), .init(wait: .seconds(5), action: .wrongAttempt(1)),
                .init(wait: .seconds(60), action: .resend(1)),
            ]
        ),
        Self(
            name: "two challenges",
            steps: [
                .init(wait: .zero, action: .issue(1)), .init(wait: .seconds(5), action: .wrongAttempt(1)),
                .init(wait: .seconds(60), action: .issue(2)), .init(wait: .seconds(5), action: .wrongAttempt(2)),
                .init(wait: .seconds(1), action: .wrongAttempt(1)),
            ]
        ),
        Self(
            name: "verified",
            steps: [
                .init(wait: .zero, action: .issue(1)), .init(wait: .seconds(5), action: .wrongAttempt(1)),
                .init(wait: .seconds(5), action: .rightAttempt(1)),
            ]
        ),
    ]

    // MARK: The file

    /// The bytes and the decoded text of a record.
    struct Content: Equatable {
        var bytes: [UInt8]
        var text: String
    }

    static var file: URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "Golden/version-\(RecordLayout.version).txt")
    }

    /// Reads the file with the golden records.
    ///
    /// For each record, the file contains a line `# name`, a line of hexadecimal digits, and the decoded text.
    static func contents() throws -> [String: Content] {
        var contents: [String: Content] = [:]
        for part in try String(contentsOf: self.file, encoding: .utf8).split(separator: "# ") {
            let lines = part.split(separator: "\n", omittingEmptySubsequences: true)
            guard lines.count > 2 else { continue }
            contents[String(lines[0])] = Content(
                bytes: [UInt8](hex: lines[1]),
                text: lines.dropFirst(2).joined(separator: "\n")
            )
        }
        return contents
    }

    // MARK: The steps

    /// Runs the steps on a server whose clock is frozen at ``start``.
    func run(on redis: TestRedis) async throws {
        let number = PhoneNumberIndexes(PhoneNumberIndex(bytes: [UInt8](repeating: 1, count: 16)))
        for step in self.steps {
            try redis.clock.advance(by: step.wait)
            switch step.action {
            case .issue(let challenge):
                _ = try await redis.store
                    .issue(Self.reference(challenge), code: Self.code(challenge), for: number, limits: .init())
            case .wrongAttempt(let challenge):
                let attempt = Self.attempt([UInt8](repeating: 0, count: 32))
                _ = try await redis.store.verify(attempt, of: Self.reference(challenge), for: number, limits: .init())
            case .rightAttempt(let challenge):
                let attempt = Self.attempt(Self.code(challenge).authenticator)
                _ = try await redis.store.verify(attempt, of: Self.reference(challenge), for: number, limits: .init())
            case .resend(let challenge):
                let code = ResendCode.same(length: 6, keyIDs: ["k1"])
                _ = try await redis.store.resend(Self.reference(challenge), code: code, for: number, limits: .init())
            case .releaseFirstSend(let challenge):
                let id = Self.reference(challenge).id
                let reservation = SendReservation(challenge: id, time: Self.start, kind: .first)
                try await redis.store.release(reservation, for: number, limits: .init())
            }
        }
    }

    private static func reference(_ challenge: Int) -> ChallengeReference {
        ChallengeReference(
            id: ChallengeID(bytes: [UInt8](repeating: UInt8(16 + challenge), count: 16)),
            check: [UInt8](repeating: UInt8(32 + challenge), count: 16)
        )
    }

    private static func code(_ challenge: Int) -> ProtectedCode {
        ProtectedCode(
            keyID: "k1",
            authenticator: [UInt8](repeating: UInt8(48 + challenge), count: 32),
            sealed: [UInt8](repeating: 64, count: 6)
        )
    }

    private static func attempt(_ authenticator: [UInt8]) -> Attempt {
        Attempt(candidates: [.init(keyID: "k1", authenticator: authenticator)])
    }
}
