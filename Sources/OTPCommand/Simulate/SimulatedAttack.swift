// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import GuardSimulation
import Hiredis
import OTP
import OTPRedis
import SendGuard

/// An attack that `otp simulate` can run.
enum SimulatedAttack: String, CaseIterable, ExpressibleByArgument {
    case guess, reverse, bomb, pump, lockout, race, launch

    /// The meaning of the attack, for the help text.
    private var meaning: String {
        switch self {
        case .guess: "guesses the code of one number"
        case .reverse: "guesses one code for many numbers"
        case .bomb: "sends many messages to one number"
        case .pump: "sends many messages to numbers that pay the attacker"
        case .lockout: "keeps the owner of a number from signing in"
        case .race: "calls at the same moment, from many tasks"
        case .launch: "users arrive where there were few: no attack"
        }
    }

    /// All attacks and their meanings, one per line, for the help text.
    static var table: String {
        self.allCases
            .map { "  \($0.rawValue.padding(toLength: 9, withPad: " ", startingAt: 0))\($0.meaning)" }
            .joined(separator: "\n")
    }

    /// Simulates the attack.
    ///
    /// - Parameters:
    ///   - seed: The seed of the first run.
    ///   - runs: The number of runs; `nil` for the default of the attack.
    ///   - redis: The URL of the Redis server for ``race``; `nil` for stores in memory. Other attacks ignore the URL.
    /// - Returns: The table of results.
    /// - Throws: ``CommandFailure`` if the Redis server cannot be used.
    func table(seed: UInt64, runs: Int?, redis: String?) async throws -> SimulationTable {
        switch self {
        case .guess: try GuessExperiment.table(seed: seed, runs: runs ?? 10_000)
        case .reverse: try await ReverseExperiment.table(seed: seed, runs: runs ?? 1)
        case .bomb: try await Self.traffic(TrafficExperiment.bomb, self, seed, runs)
        case .pump: try await Self.traffic(TrafficExperiment.pump, self, seed, runs)
        case .launch: try await Self.traffic(TrafficExperiment.launch, self, seed, runs)
        case .lockout: try LockoutExperiment.table(seed: seed, runs: runs ?? 100)
        case .race: try await Self.race(runs ?? 10, redis)
        }
    }

    private static func traffic(
        _ experiments: [TrafficExperiment],
        _ attack: Self,
        _ seed: UInt64,
        _ runs: Int?
    ) async throws -> SimulationTable {
        try await TrafficExperiment.table(experiments, name: attack.rawValue, seed: seed, runs: runs ?? 1)
    }

    private static func race(_ runs: Int, _ url: String?) async throws -> SimulationTable {
        guard let url else {
            return try await RaceExperiment(store: InMemoryOTPStore(), ledger: InMemorySendLedger()).table(runs: runs)
        }
        // No other process uses this prefix, and all keys with the prefix expire.
        let prefix = "otp-simulate-\(UInt64.random(in: .min ... .max))"
        do {
            let configuration = try RedisConfiguration(url: url)
            let store = try RedisOTPStore(configuration: configuration, prefix: prefix)
            let ledger = try RedisSendLedger(configuration: configuration, prefix: prefix)
            let result = await asyncResult {
                try await RaceExperiment(store: store, ledger: ledger).table(runs: runs)
            }
            await store.shutdown()
            await ledger.shutdown()
            return try result.get()
        } catch let error as RedisError {
            guard error.code != .invalidConfiguration else { throw CommandFailure.usage("--redis: \(error.message)") }
            throw CommandFailure.unreachable("the store of --redis", reason(error))
        }
    }
}
