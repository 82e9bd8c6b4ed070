// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTP
import OTPTesting
import SMSKit
import SendGuard
import Testing

/// Tests of a stranger who attacks a user's number from 50 addresses for a week.
///
/// With Redis, the tests simulate only two days. The conformance check compares the decisions of Redis with the decisions of
/// the store in memory.
@Suite(.timeLimit(.minutes(10)))
struct LaneWeekTests {
    /// The strategy of the stranger.
    enum Strategy: String, CaseIterable, Sendable {
        /// Requests every code that the limits admit, and immediately uses up all attempts.
        case lock
        /// Requests every code that the limits admit, and uses up the attempts shortly before the owner signs in.
        case hoard
        /// Requests every code that the limits admit, and makes no attempts.
        case bomb
    }

    /// The maximum delay that a stranger can cause for a known device: 4 messages per hour with a cooldown of 600 s each.
    private static let longestDelay = Duration.seconds(4 * 600 + 60)

    @Test(
        "A stranger cannot stop the owner's known device from verifying",
        arguments: StoreKind.allCases,
        Strategy.allCases
    )
    func strangerCannotStopAKnownDevice(kind: StoreKind, strategy: Strategy) async throws {
        let signIns = kind == .memory ? Self.signInsOfAWeek : 5
        let delays = try await LaneWorld.with(kind) { try await Self.play(signIns, $0, strategy) }
        #expect(delays.count == signIns)
        for delay in delays { #expect(try #require(delay, "the owner gave up") <= Self.longestDelay) }
    }

    @Test("A stranger cannot stop the owner's known device from verifying behind a guard", arguments: Strategy.allCases)
    func strangerCannotStopAKnownDeviceBehindAGuard(strategy: Strategy) async throws {
        let delays = try await LaneWorld.with(.memory, isGuarded: true) {
            try await Self.play(Self.signInsOfAWeek, $0, strategy)
        }
        #expect(delays.count == Self.signInsOfAWeek)
        for delay in delays { #expect(try #require(delay, "the owner gave up") <= Self.longestDelay) }
    }

    @Test("Without the lane, each strategy stops the owner", arguments: Strategy.allCases)
    func withoutTheLaneTheStrangerStopsTheOwner(strategy: Strategy) async throws {
        let delays = try await LaneWorld.with(.memory, lane: nil) { try await Self.play(2, $0, strategy) }
        #expect(delays.contains(nil))
    }

    /// The number of the owner's sign-ins in a week.
    private static let signInsOfAWeek = 18

    /// Simulates steps of one minute until the owner's last sign-in.
    ///
    /// In each step, the stranger acts before the owner.
    ///
    /// - Returns: The delay of each sign-in until the device was verified; `nil` if the owner gave up.
    private static func play(_ count: Int, _ world: LaneWorld, _ strategy: Strategy) async throws -> [Duration?] {
        var random = SeededGenerator(seed: 7)
        var stranger = Stranger(strategy: strategy)
        let device = try await world.knownDevice()
        let start = world.elapsed.value
        let signIns = (0..<count).map { Duration.seconds($0 * 33_000 + Int.random(in: 0..<3_600, using: &random)) }
        var delays: [Duration?] = []
        while delays.count < signIns.count {
            let now = world.elapsed.value - start
            let begin = signIns[delays.count]
            await stranger.act(in: world, isBeforeSignIn: begin - now < .seconds(120), using: &random)
            if now >= begin {
                if await Self.signIn(world, device, isClumsy: Bool.random(using: &random)) {
                    delays.append(now - begin)
                } else if now - begin > .seconds(3 * 3600) {
                    delays.append(nil)
                }
            }
            try world.pass(.seconds(60))
        }
        #expect(stranger.successes == 0)
        return delays
    }

    /// Requests a code with the device token, and enters it; a clumsy owner first enters a wrong code.
    private static func signIn(_ world: LaneWorld, _ device: DeviceToken, isClumsy: Bool) async -> Bool {
        guard case .success(let sent) = await world.issue(device: device) else { return false }
        if isClumsy { _ = await world.attempt(wrong(sent.code), sent.token) }
        return await world.attempt(sent.code, sent.token) == nil
    }
}

/// A stranger who knows the number, but cannot read its messages.
private struct Stranger {
    var strategy: LaneWeekTests.Strategy
    var successes = 0
    private var unused: [(token: ChallengeToken, wrongCode: String)] = []

    init(strategy: LaneWeekTests.Strategy) {
        self.strategy = strategy
    }

    mutating func act(in world: LaneWorld, isBeforeSignIn: Bool, using random: inout SeededGenerator) async {
        let source = SourceAddress("198.51.100.\(Int.random(in: 1...50, using: &random))")
        if case .success(let sent) = await world.issue(from: source) {
            self.unused.append((sent.token, wrong(sent.code)))
        }
        switch self.strategy {
        case .bomb: return
        case .hoard where !isBeforeSignIn: return
        case .lock, .hoard: break
        }
        for challenge in self.unused {
            for _ in 1...5 {
                if await world.attempt(challenge.wrongCode, challenge.token) == nil { self.successes += 1 }
            }
        }
        self.unused = []
    }
}
