// SPDX-License-Identifier: Apache-2.0

import OTP
import OTPTesting
import SMSKit
import SendGuard
import Testing

extension Conformance {
    /// Rows of the conformance table about the number of attempts.
    @Suite struct AttemptLimitRows {
        @Test(
            "CT-07: after five wrong codes for a challenge, the right code also fails",
            arguments: Trial.onStoresAndDoors
        )
        func ct07(trial: Trial) async throws {
            try await trial.run(
                mutant: "a store that does not limit the attempts per code",
                fails: "five attempts are compared",
                "the sixth attempt with the right code fails"
            ) { findings in
                try await trial.withPlace { place in
                    let store = place.altered {
                        $0.limits = { ($0.attemptsPerCode, $0.attemptsPerChallenge) = (31, 31) }
                    }
                    let service = try await place.service(on: store)
                    let sent = try await service.issue()
                    let compared = await service.guess(8, against: sent)
                    findings.expect("five attempts are compared", compared == 5, compared)
                    let error = await service.attempt(sent.code, sent.token)
                    findings.expect(
                        "the sixth attempt with the right code fails",
                        error?.code == place.kind.exhausted,
                        error as Any
                    )
                }
                var policy = OTPPolicy(destinations: [.singapore])
                policy.limits.attemptsPerCode = 11
                findings.expect("a policy with more than ten attempts is refused", (try? policy.validate()) == nil)
            }
        }

        /// An attacker who requests codes from new addresses, and enters wrong codes.
        private struct Guesser {
            let place: StorePlace
            let service: Service
            var elapsed = 0
            var compared = 0

            init(_ place: StorePlace, _ store: any ServiceStore) async throws {
                self.place = place
                self.service = try await place.service(on: store)
            }

            /// Enters wrong codes until a time, and returns the number of attempts that the service has compared with a code.
            ///
            /// The attacker stops earlier if there were more attempts than a limit admits.
            mutating func guess(until end: Int, limit: Int) async throws -> Int {
                while self.elapsed < end, self.compared <= limit {
                    let client = ClientInfo(source: .init("10.\(self.elapsed / 65_536).\(self.elapsed / 256 % 256).1"))
                    if let sent = try? await self.service.issue(client: client) {
                        self.compared += await self.service.guess(5, against: sent)
                    }
                    try self.place.pass(300)
                    self.elapsed += 300
                }
                return self.compared
            }
        }

        @Test(
            "CT-08: a number has at most 10 failed attempts an hour and 20 a day, over all client addresses and challenges",
            arguments: Trial.onStoresAndDoors
        )
        func ct08(trial: Trial) async throws {
            try await trial.run(
                mutant: "a store that counts failed attempts separately for each challenge",
                fails: "an hour has at most 10 failed attempts",
                "a day has at most 20 failed attempts"
            ) { findings in
                try await trial.withPlace { place in
                    let store = place.altered { changes in
                        changes.step = { step in
                            let bytes = zip(step.number.current.bytes, step.challenge.id.bytes).map { $0 ^ $1 }
                            step.number = PhoneNumberIndexes(PhoneNumberIndex(bytes: bytes))
                        }
                    }
                    var guesser = try await Guesser(place, store)
                    let hour = try await guesser.guess(until: 3_600, limit: 10)
                    findings.expect("an hour has at most 10 failed attempts", (1...10).contains(hour), hour)
                    let day = try await guesser.guess(until: 86_400, limit: 20)
                    findings.expect("a day has at most 20 failed attempts", (11...20).contains(day), day)
                }
            }
        }

        @Test(
            "CT-10: of 500 wrong codes that are entered concurrently for a challenge, only five are compared with its code",
            arguments: Trial.onStoresAndDoors
        )
        func ct10(trial: Trial) async throws {
            try await trial.run(
                mutant: "a store that checks the limit on attempts and counts the attempt in separate operations",
                fails: "exactly the limit of attempts is compared"
            ) { findings in
                try await trial.withPlace { place in
                    let service = try await place.service(on: place.split())
                    let sent = try await service.issue()
                    let compared = await Self.race(place.kind.callers(500), place, service, sent)
                    findings.expect("exactly the limit of attempts is compared", compared == 5, compared)
                }
            }
        }

        /// Makes wrong attempts concurrently, and returns the number of attempts that the service compared with a code.
        private static func race(
            _ callers: Int,
            _ place: StorePlace,
            _ service: Service,
            _ sent: Service.Sent
        ) async -> Int {
            place.rendezvous.expect(callers)
            return await withTaskGroup(of: Bool.self) { group in
                for caller in 0..<callers {
                    let guess = wrong(sent.code, by: 1 + caller % 99)
                    group.addTask { await service.attempt(guess, sent.token)?.code == .incorrectCode }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
        }

        @Test(
            "T1: concurrent attempts are counted exactly, and a code is accepted only with the context of its challenge",
            arguments: Trial.onStoresAndDoors
        )
        func t1(trial: Trial) async throws {
            try await trial.run(
                mutant: "a service that joins the values of a context with colons into one text",
                fails: "contexts that join to the same text stay apart"
            ) { findings in
                try await trial.withPlace { place in
                    let service = try await place.service()
                    let sent = try await service.issue()
                    let compared = await Self.race(place.kind.callers(200), place, service, sent)
                    findings.expect("exactly the limit of attempts is compared", compared == 5, compared)
                    func bound(_ context: [String]) -> [String] {
                        trial.isMutant ? [context.joined(separator: ":")] : context
                    }
                    let pairs = [(["a:b", "c"], ["a", "b:c"]), (["é"], ["e\u{301}"]), (["12"], ["１２"])]
                    for (number, (first, second)) in pairs.enumerated() {
                        let recipient = try #require(PhoneNumber(e164: "+6581234\(500 + number)"))
                        let sent = try await service.issue(for: recipient, context: bound(first))
                        let error = await service.attempt(sent.code, sent.token, for: recipient, context: bound(second))
                        let name =
                            number == 0
                            ? "contexts that join to the same text stay apart" : "forms of a text stay apart"
                        findings.expect(name, error?.code == .expired, error as Any)
                    }
                }
            }
        }
    }
}
