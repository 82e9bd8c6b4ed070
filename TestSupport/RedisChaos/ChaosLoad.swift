// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import Hiredis
import OTP
import OTPRedis
import OTPTesting
import SMSKit
import Synchronization

/// Concurrent callers of several services that issue codes, and verify right and wrong codes.
final class ChaosLoad: Sendable {
    /// The command timeout of the services.
    static let commandTimeout = Duration.milliseconds(400)

    let history = ChaosHistory()
    private let inbox = ChaosInbox()
    private let clients: [RedisClient]
    private let services: [OTPService]
    private let lastNumber = Atomic(0)
    private let lastChallenge = Atomic(0)

    init(_ configuration: RedisConfiguration, services count: Int = 2) throws {
        var configuration = configuration
        configuration.commandTimeout = Self.commandTimeout
        configuration.connectTimeout = Self.commandTimeout
        let secret = SymmetricKey(data: SHA256.hash(data: Data("chaos".utf8)))
        let keys = try KeyRing(
            codeKeys: [.init(id: "k1", secret: secret)],
            indexKeys: [.init(id: "i1", secret: SymmetricKey(data: SHA256.hash(data: Data("index".utf8))))]
        )
        let clients = (0..<count).map { _ in RedisClient(configuration: configuration) }
        let inbox = self.inbox
        self.clients = clients
        self.services = try clients.map { client in
            try OTPService(
                store: RedisOTPStore(client: client),
                sms: inbox,
                keys: keys,
                policy: OTPPolicy(destinations: [.singapore]),
                messages: try MessageTemplates(brand: "Acme")
            )
        }
    }

    /// The numbers of sent messages, keyed by the index of the phone number.
    var messages: [Int: Int] {
        let last = self.lastNumber.load(ordering: .relaxed)
        return Dictionary(uniqueKeysWithValues: (0...last).map { ($0, self.inbox.messages(to: Self.phone($0))) })
    }

    func shutdown() async {
        for client in self.clients { await client.shutdown() }
    }

    /// Calls the service for one phone number after another until a deadline.
    func work(until deadline: Duration, seed: UInt64) async {
        var generator = SeededGenerator(seed: seed)
        while self.history.now < deadline {
            await self.visit(&generator)
        }
    }

    /// Returns whether a code can be sent and verified.
    func works() async -> Bool {
        let number = self.lastNumber.wrappingAdd(1, ordering: .relaxed).newValue
        guard let issued = await self.issue(number, by: 0) else { return false }
        return await self.verify(issued, isRight: true, by: 1) == .ok
    }

    // MARK: Callers

    private struct Issued: Sendable {
        var number: Int
        var challenge: Int
        var token: ChallengeToken
        var code: String
    }

    /// Makes all calls for one phone number.
    private func visit(_ generator: inout SeededGenerator) async {
        let number = self.lastNumber.wrappingAdd(1, ordering: .relaxed).newValue
        // Only one of two concurrent issues for a phone number is admitted.
        async let first = self.issue(number, by: 0)
        async let second = self.issue(number, by: 1)
        let admitted = [await first, await second].compactMap(\.self)
        guard let issued = admitted.first, admitted.count == 1 else {
            // While the store is unreachable, calls fail immediately, so the loop needs a pause.
            await Self.pause(upTo: 100, &generator)
            return
        }
        await Self.pause(upTo: Int.random(in: 0..<8, using: &generator) == 0 ? 1_500 : 200, &generator)

        // Up to 7 wrong attempts exceed the limit per code. Two attempts with the right code run concurrently.
        let wrong = Int.random(in: 0...7, using: &generator)
        var plan = Array(repeating: false, count: wrong) + [true, true]
        plan.shuffle(using: &generator)
        let isSequential = Bool.random(using: &generator)
        if isSequential { plan.removeAll { $0 } }
        let delays = plan.map { _ in Int.random(in: 0..<30, using: &generator) }
        await withTaskGroup(of: Void.self) { group in
            for (index, isRight) in plan.enumerated() {
                group.addTask {
                    try? await Task.sleep(for: .milliseconds(delays[index]))
                    _ = await self.verify(issued, isRight: isRight, by: index % self.services.count)
                }
            }
        }
        // The call is made at least once, and repeated after a failure of the store.
        for attempt in 0..<4 {
            async let left = self.verify(issued, isRight: true, by: attempt % 2)
            async let right = self.verify(issued, isRight: true, by: (attempt + 1) % 2)
            let outcomes = [await left, await right]
            _ = await self.verify(issued, isRight: false, by: attempt % 2)
            guard outcomes.contains(where: { if case .unavailable = $0 { true } else { false } }) else { break }
            await Self.pause(upTo: 600, &generator)
        }
    }

    private func issue(_ number: Int, by service: Int) async -> Issued? {
        let challenge = self.lastChallenge.wrappingAdd(1, ordering: .relaxed).newValue
        let start = self.history.now
        let phone = Self.phone(number)
        do throws(OTPError) {
            let token = try await self.services[service].issue(for: phone, purpose: .signIn).token
            self.record(.issue, number, challenge, start, .ok)
            guard let code = self.inbox.code(of: phone) else { return nil }
            return Issued(number: number, challenge: challenge, token: token, code: code)
        } catch {
            self.record(.issue, number, challenge, start, Self.outcome(error))
            return nil
        }
    }

    private func verify(_ issued: Issued, isRight: Bool, by service: Int) async -> ChaosOperation.Outcome {
        let start = self.history.now
        // A wrong code in the right format.
        let wrong = issued.code == "000000" ? "000001" : "000000"
        let outcome: ChaosOperation.Outcome
        do throws(OTPError) {
            _ = try await self.services[service]
                .verify(
                    isRight ? issued.code : wrong,
                    for: Self.phone(issued.number),
                    token: issued.token,
                    purpose: .signIn
                )
            outcome = .ok
        } catch {
            outcome = Self.outcome(error)
        }
        self.record(isRight ? .right : .wrong, issued.number, issued.challenge, start, outcome)
        return outcome
    }

    private func record(
        _ kind: ChaosOperation.Kind,
        _ number: Int,
        _ challenge: Int,
        _ start: Duration,
        _ outcome: ChaosOperation.Outcome
    ) {
        self.history.add(
            ChaosOperation(kind, number: number, challenge: challenge, from: start, to: self.history.now, outcome)
        )
    }

    private static func outcome(_ error: OTPError) -> ChaosOperation.Outcome {
        switch error.code {
        case .incorrectCode: return .incorrect
        case .storeUnavailable:
            let cause = error.cause as? RedisError
            let name = cause.map { "\($0.code) \($0.serverErrorKind ?? "")" } ?? "another error"
            let didNotRun: [RedisError.Code] = [.connectionFailed, .authenticationFailed, .overloaded]
            return .unavailable(name, mayHaveRun: cause.map { !didNotRun.contains($0.code) } ?? true)
        default: return .refused(error.code.description)
        }
    }

    private static func pause(upTo milliseconds: Int, _ generator: inout SeededGenerator) async {
        try? await Task.sleep(for: .milliseconds(Int.random(in: 0...milliseconds, using: &generator)))
    }

    /// Returns the phone number in Singapore with an index.
    private static func phone(_ number: Int) -> PhoneNumber {
        // Every number of eight digits that begins with 8 is valid in Singapore.
        PhoneNumber(e164: "+658\(1_000_000 + number % 1_000_000)")!
    }
}
