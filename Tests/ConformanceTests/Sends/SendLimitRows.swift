// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTP
import OTPTesting
import SMSKit
import Synchronization
import Testing

extension Conformance {
    /// Rows of the conformance table about limits on messages to one number.
    @Suite struct SendLimitRows {
        @Test(
            "CT-06: the waits between messages to a number are 60, 120, 300 and 600 seconds",
            arguments: Trial.onStoresAndDoors
        )
        func ct06(trial: Trial) async throws {
            try await trial.run(
                mutant: "a store without a cooldown",
                fails: "a message one second too early is refused"
            ) { findings in
                try await trial.withPlace { place in
                    let store = place.altered { changes in
                        changes.limits = { limits in
                            limits.cooldown = [.zero]
                            limits.sends = [WindowLimit(1_000, per: .seconds(3_600))]
                        }
                    }
                    let service = try await place.service(on: store) { setup in
                        setup.policy.limits.sends = [WindowLimit(10, per: .seconds(3_600))]
                    }
                    _ = try await service.issue(purpose: .registration)
                    for wait in [60, 120, 300, 600] {
                        try place.pass(wait - 1)
                        let early = await service.issueError(purpose: .passwordReset)
                        findings.expect(
                            "a message one second too early is refused",
                            early?.code == .rateLimited && early?.retryAfter == .seconds(1)
                                && (place.kind == .http || early?.limit == .cooldown),
                            early as Any
                        )
                        try place.pass(1)
                        let error = await service.issueError()
                        findings.expect("a message after the wait is sent", error == nil, error as Any)
                    }
                }
            }
        }

        @Test(
            "T13: a code expires after the lifetime that its message states, and its record does not expire before the code",
            arguments: Trial.onStoresAndDoors
        )
        func t13(trial: Trial) async throws {
            try await trial.run(
                mutant: "a store that accepts a code for one minute after the expiry that the store reports",
                fails: "the code expires when the message says"
            ) { findings in
                for minutes in [1, 5, 9] {
                    try await trial.withPlace { place in
                        let service = try await place.service(on: Self.keepingCodes(place)) { setup in
                            setup.policy.limits.lifetime = .seconds(60 * minutes)
                        }
                        let sent = try await service.issue()
                        let message = try #require(service.sms.messages.last)
                        let words = minutes == 1 ? "1 minute" : "\(minutes) minutes"
                        findings.expect("the text states the lifetime", message.text.contains("Valid for \(words)."))
                        findings.expect("the gateway gets the lifetime", message.validity == .seconds(60 * minutes))
                        findings.expect("the variable is the lifetime", message.variables["minutes"] == "\(minutes)")
                        if let redis = place.redis {
                            let lifetimes = try await redis.contents().map(\.lifetime)
                            findings.expect(
                                "the record lives as long as the code",
                                lifetimes.allSatisfy { $0 >= minutes * 60_000 },
                                lifetimes
                            )
                        }
                        try place.pass(60 * minutes)
                        let late = await service.attempt(sent.code, sent.token)
                        findings.expect("the code expires when the message says", late?.code == .expired, late as Any)
                    }
                }
            }
        }

        /// Returns the store of a trial, or a faulty store (a mutant) that accepts codes for one minute after their expiry.
        private static func keepingCodes(_ place: StorePlace) -> any ServiceStore {
            place.altered { changes in
                changes.issue = { code, step, base in
                    let stated = step.limits.lifetime
                    var step = step
                    step.limits = try step.limits.changing { $0.lifetime = stated + .seconds(60) }
                    guard case .admitted(var admission) = try await base.issue(code, step) else { throw Refused() }
                    admission.expiresAt = admission.time + stated
                    return .admitted(admission)
                }
            }
        }

        private struct Refused: Error {}

        @Test("T19: no message is sent to a number during its lockout", arguments: Trial.onStoresAndDoors)
        func t19(trial: Trial) async throws {
            try await trial.run(
                mutant: "a store that checks for a lockout before attempts, but not before sends",
                fails: "a locked number gets no message"
            ) { findings in
                try await trial.withPlace { place in
                    let store = place.altered { changes in
                        changes.issue = { code, step, base in
                            var step = step
                            step.limits = try step.limits.changing {
                                $0.failures = [WindowLimit(255, per: .seconds(30 * 86_400))]
                            }
                            return try await base.issue(code, step)
                        }
                    }
                    let service = try await place.service(on: store)
                    for wait in [60, 600] {
                        let sent = try await service.issue()
                        let compared = await service.guess(5, against: sent)
                        findings.expect("the attempts are counted", compared == 5, compared)
                        try place.pass(wait)
                    }
                    let error = await service.issueError()
                    findings.expect("a locked number gets no message", error?.code == .locked, error as Any)
                    guard !trial.isMutant else { return }
                    findings.expect("no further message was sent", service.sms.messages.count == 2)
                }
            }
        }

        @Test(
            "T22: if a request is sent 100 times concurrently, only one message is sent",
            arguments: Trial.onStoresAndDoors
        )
        func t22(trial: Trial) async throws {
            try await trial.run(
                mutant: "a store that checks the cooldown and records the send in separate operations",
                fails: "exactly one message is sent"
            ) { findings in
                try await trial.withPlace { place in
                    let service = try await place.service(on: place.split())
                    _ = try await place.store.clockEpoch()
                    let callers = place.kind.callers(100)
                    place.rendezvous.expect(callers)
                    await withTaskGroup(of: Void.self) { group in
                        for _ in 0..<callers { group.addTask { _ = await service.issueError() } }
                    }
                    let count = service.sms.messages.count
                    findings.expect("exactly one message is sent", count == 1, count)
                }
            }
        }

        /// Different spellings of the same phone number.
        private static let spellings = [
            "+6591234567", "+65 9123 4567", "+65-9123-4567", "+65 (9123) 4567", "(+65) 91234567", "+65.9123.4567",
            " +6591234567 ", "+６５９１２３４５６７", "+65\u{A0}9123\u{A0}4567", "\u{200E}+65 9123 4567",
        ]

        /// Texts that contain several phone numbers, or a phone number with additional text.
        private static let lists = [
            "+6591234567,+6598765432", "+6591234567;+6598765432", "+6591234567，+6598765432", "+6591234567 +6598765432",
            "+6591234567\n+6598765432", "[\"+6591234567\"]", "+6591234567;ext=1", "+6591234567 x1", "+6591234567#",
        ]

        @Test(
            "CT-20: all spellings of a number share the same limits, and several numbers in one field are refused",
            arguments: Trial.onStoresAndDoors
        )
        func ct20(trial: Trial) async throws {
            try await trial.run(
                mutant: "a parser that ignores all characters except digits",
                fails: "a list of numbers is refused"
            ) { findings in
                try await trial.withPlace { place in
                    let service = try await place.service()
                    func issue(to text: String) async -> TextOutcome {
                        guard trial.isMutant else { return await service.door.issue(toText: text, fromText: nil) }
                        let digits = text.unicodeScalars.compactMap(\.properties.numericValue).map { String(Int($0)) }
                        return await service.door.issue(toText: "+" + digits.joined().prefix(10), fromText: nil)
                    }
                    for (position, text) in Self.spellings.enumerated() {
                        let outcome = await issue(to: text)
                        let isNumber = position == 0 ? outcome.isSent : outcome == .refused(.rateLimited)
                        findings.expect("a spelling is the number", isNumber, "\(text): \(outcome)")
                    }
                    let recipients = service.sms.messages.map(\.recipient)
                    findings.expect("all spellings share the cooldown", recipients == [Service.number])
                    for text in Self.lists {
                        let outcome = await issue(to: text)
                        findings.expect(
                            "a list of numbers is refused",
                            outcome == .malformedNumber,
                            "\(text): \(outcome)"
                        )
                    }
                }
            }
        }
    }
}

extension StoreLimits {
    /// Returns a changed copy of the limits.
    func changing(_ change: (inout OTPLimits) -> Void) throws -> StoreLimits {
        var values = self.values
        change(&values)
        return try StoreLimits(values)
    }
}
