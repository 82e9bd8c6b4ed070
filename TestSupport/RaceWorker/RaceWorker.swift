// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hiredis
import OTP
import OTPRedis

/// A program that verifies the same challenges at the same time as other processes of this program.
///
/// The arguments are the URL of the Redis server, the number of processes, and the number of attempts per challenge. Standard
/// input contains one line for each challenge: number, ID, check, key ID and authenticator. For each line, the program prints
/// the number of accepted attempts. With `issue` as the first argument, the program runs ``IssueRace`` instead.
@main struct RaceWorker {
    static func main() async throws {
        let arguments = CommandLine.arguments
        if arguments.count > 1, arguments[1] == "issue" {
            return try await IssueRace.run(Array(arguments.dropFirst(2)))
        }
        guard arguments.count == 4, let processes = Int64(arguments[2]), let attempts = Int(arguments[3]) else {
            throw Misuse()
        }
        let client = RedisClient(configuration: try RedisConfiguration(url: arguments[1]))
        let store = RedisOTPStore(client: client)
        var round = 0
        while let line = readLine() {
            let fields = line.split(separator: " ").map(String.init)
            guard fields.count == 5 else { throw Misuse() }
            let number = PhoneNumberIndexes(PhoneNumberIndex(bytes: Self.bytes(fields[0])))
            let challenge = ChallengeReference(
                id: ChallengeID(bytes: Self.bytes(fields[1])),
                check: Self.bytes(fields[2])
            )
            let attempt = Attempt(candidates: [.init(keyID: fields[3], authenticator: Self.bytes(fields[4]))])
            try await Self.meet(client, processes, round: round, of: fields[1])
            let accepted = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<attempts {
                    group.addTask {
                        let decision = try await store.verify(attempt, of: challenge, for: number, limits: .init())
                        if case .matched = decision { return true }
                        return false
                    }
                }
                var accepted = 0
                for try await isAccepted in group where isAccepted { accepted += 1 }
                return accepted
            }
            print(accepted)
            round += 1
        }
        await client.shutdown()
    }

    /// Waits until every process has reached the round.
    static func meet(_ client: RedisClient, _ processes: Int64, round: Int, of name: String) async throws {
        let key = "race:\(name)"
        _ = try await client.send("INCR", [.text(key)])
        _ = try await client.send("PEXPIRE", [.text(key), 60_000])
        while case .bulk(let bytes) = try await client.send("GET", [.text(key)]) {
            if Int64(String(decoding: bytes, as: UTF8.self)) ?? 0 >= processes { return }
        }
    }

    private static func bytes(_ hex: String) -> [UInt8] {
        stride(from: 0, to: hex.count, by: 2)
            .compactMap { offset in
                UInt8(hex.dropFirst(offset).prefix(2), radix: 16)
            }
    }

    struct Misuse: Error {}
}
