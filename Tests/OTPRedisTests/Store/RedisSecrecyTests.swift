// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hiredis
import MovableClock
import OTP
import OTPRedis
import OTPTesting
import PrivateRedis
import SMSKit
import Subprocess
import SystemPackage
import Testing

/// Tests that an attacker learns no secret from the contents of the store or from its traffic.
@Suite struct RedisSecrecyTests {
    /// Returns the longest documented TTL of a key in milliseconds.
    private static func longestLifetime(_ key: String) -> Int64? {
        if key.contains(/^otp:\{[\w-]{22}\}$/) { return 401 * 86_400_000 }
        if key.contains(/^otp:\{[\w-]{22}\}:p$/) { return 660_000 }
        if key.contains(/^otp:\{[\w-]{22}\}:d$/) { return 400 * 86_400_000 + 60_000 }
        if key == "otp:{clock}" { return 400 * 86_400_000 }
        return nil
    }

    @Test func storeAndTrafficHoldNeitherCodeNorNumberAndEveryKeyExpires() async throws {
        try await TestRedis.with(frozen: true) { redis in
            let sms = RecordingSMSClient()
            let (log, _) = try await Self.monitored(redis) {
                // The conformance checks run first, because they move the clock so far that all earlier keys expire.
                try await redis.conformance.run()
                try await Self.everyStep(redis, sms)
            }
            let contents = try await redis.contents()
            #expect(contents.count >= 15)
            for (key, _, lifetime) in contents {
                let longest = try #require(Self.longestLifetime(key), "a key of no known kind: \(key)")
                #expect(lifetime > 0 && lifetime <= longest, "\(key) has a TTL of \(lifetime) ms")
            }

            let numbers = Set(sms.messages.map(\.recipient.e164))
            let codes = Set(
                sms.messages.flatMap { message in
                    message.text.split { !$0.isNumber }.filter { $0.count == 6 }.map(String.init)
                }
            )
            #expect(numbers.count >= 8 && codes.count >= 8)
            let dump = contents.map { $0.key + " " + Self.readable($0.value) }.joined(separator: "\n")
            // In a value, a code could be between other bytes. In the traffic, words are separate.
            for (key, value, _) in contents {
                for code in codes { #expect(!value.contains(code.utf8), "a code is in the value of \(key)") }
            }
            for text in [dump, log] {
                let words = Set(text.split { !$0.isNumber }.map(String.init))
                // By chance, the digits of a hash equal a code in about 1 of 500 runs. A leak would show several codes.
                #expect(codes.intersection(words).count < 2, "codes are in the store")
                for run in numbers.flatMap(Self.runsOfEightDigits) {
                    #expect(!text.contains(run), "a number is in the store")
                }
            }
        }
    }

    @Test func verifyAndIssueAreOneRoundTripEach() async throws {
        try await TestRedis.with { redis in
            let sms = RecordingSMSClient()
            let otp = try redis.service(sms: sms, keys: try .test())
            // The first use of each script sends its source.
            try await Self.everyStep(redis, RecordingSMSClient())
            let number = PhoneNumber(e164: "+6581112222")!
            let (_, issue) = try await Self.monitored(redis) {
                _ = try await otp.issue(for: number, purpose: .signIn)
            }
            #expect(issue == ["evalsha"])
            try redis.clock.advance(by: .seconds(60))
            let token = try await otp.issue(for: number, purpose: .signIn).token
            let (_, wrong) = try await Self.monitored(redis) {
                _ = try? await otp.verify("000000", for: number, token: token, purpose: .signIn)
            }
            #expect(wrong == ["evalsha"])
            let code = sms.lastCode(to: number)!
            let (_, right) = try await Self.monitored(redis) {
                _ = try await otp.verify(code, for: number, token: token, purpose: .signIn)
            }
            #expect(right == ["evalsha"])
        }
    }

    /// Runs every step of the service, with successes and with refusals.
    private static func everyStep(_ redis: TestRedis, _ sms: RecordingSMSClient) async throws {
        let keys = try KeyRing.test()
        let otp = try redis.service(sms: sms, keys: keys)
        let renewing = try redis.service(sms: sms, keys: keys) { $0.resend = .renew }
        let rotated = try redis.service(sms: sms, keys: .test(code: ["k2", "k1"], index: ["i2", "i1"]))
        for last in 0..<8 {
            let number = PhoneNumber(e164: "+6590\(Int.random(in: 10_000...99_999))\(last)")!
            let service = last % 2 == 0 ? otp : renewing
            let token = try await service.issue(for: number, purpose: .registration).token
            _ = try? await service.issue(for: number, purpose: .registration)
            let code = sms.lastCode(to: number)!
            let wrong = String(code.reversed()) == code ? "000000" : String(code.reversed())
            _ = try? await service.verify(wrong, for: number, token: token, purpose: .registration)
            _ = try await service.status(for: number, token: token)
            try redis.clock.advance(by: .seconds(61))
            _ = try await service.resend(for: number, token: token, purpose: .registration)
            if last == 7 {
                try await service.cancel(for: number, token: token)
                continue
            }
            let proof = try await service.verify(
                sms.lastCode(to: number)!,
                for: number,
                token: token,
                purpose: .registration
            )
            try await service.redeem(proof.token, for: number, purpose: .registration)
            try redis.clock.advance(by: .seconds(61))
            _ = try await rotated.issueTokenless(for: number, purpose: .signIn)
            if last % 3 == 0 {
                _ = try await rotated.verifyTokenless(sms.lastCode(to: number)!, for: number, purpose: .signIn)
            }
            try await rotated.unlock(for: number)
        }
    }

    /// Runs a closure, and returns the log of the server and the names of the commands that clients sent.
    private static func monitored(
        _ redis: TestRedis,
        _ body: () async throws -> Void
    ) async throws -> (log: String, commands: [String]) {
        let marker = "end-of-log-\(UInt64.random(in: .min ... .max))"
        let log = try await run(
            .name("redis-cli"),
            arguments: ["-s", redis.server.socketPath, "MONITOR"],
            input: .none,
            output: .sequence,
            error: .discarded
        ) { execution in
            var log = ""
            for try await line in execution.standardOutput.strings() {
                if line.contains(marker) { break }
                if log.isEmpty {
                    // The first line is the OK of the server. From here on, the server logs every command.
                    try await body()
                    _ = try await redis.client.send("ECHO", [.text(marker)])
                }
                // The timestamp before a command is removed, because it also contains six digits.
                log += line.drop { $0 != "]" }.dropFirst() + (line.contains(" lua]") ? " lua" : "") + "\n"
            }
            try execution.send(signal: .kill)
            return log
        }
        .closureResult
        let commands = log.split(separator: "\n")
            .compactMap { line -> String? in
                guard !line.hasSuffix(" lua"), let match = line.firstMatch(of: /^ "([A-Za-z]+)"/) else { return nil }
                return match.1.lowercased()
            }
        return (log, commands)
    }

    private static func runsOfEightDigits(_ number: String) -> [String] {
        let digits = number.dropFirst()
        return (0...digits.count - 8).map { String(digits.dropFirst($0).prefix(8)) }
    }

    private static func readable(_ bytes: [UInt8]) -> String {
        bytes.map { (0x20...0x7E).contains($0) ? String(UnicodeScalar($0)) : "\\x" + String($0, radix: 16) }.joined()
    }
}
