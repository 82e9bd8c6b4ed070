// SPDX-License-Identifier: Apache-2.0

import OTP
import OTPTesting
import SMSKit
import Testing

extension Conformance {
    /// The row of the conformance table about messages that are sent twice.
    @Suite struct DuplicateRows {
        /// A failover client that uses the second provider after every failure.
        private struct CarelessFailover: SMSClient {
            let first: any SMSClient
            let second: any SMSClient

            func send(_ message: SMSMessage, timeout: Duration) async -> SMSSendOutcome {
                let outcome = await self.first.send(message, timeout: timeout)
                if case .accepted = outcome { return outcome }
                return await self.second.send(message, timeout: timeout)
            }
        }

        /// Sends one code through a failover client, and returns the number of messages at each of its two providers.
        private static func send(
            _ place: StorePlace,
            to number: PhoneNumber,
            first outcome: SMSSendOutcome
        ) async throws -> (first: Int, second: Int) {
            let first = RecordingSMSClient { _ in outcome }
            let second = RecordingSMSClient()
            let service = try await place.service { setup in
                setup.gateway =
                    place.isMutant
                    ? CarelessFailover(first: first, second: second)
                    : FailoverSMSClient([.init("first", first), .init("second", second)])
            }
            _ = await service.issueError(for: number)
            // The caller repeats its request.
            _ = await service.issueError(for: number)
            return (first.messages.count, second.messages.count)
        }

        @Test(
            "CT-25: a failover takes place only if the first provider rejects a message; a repeated request sends no message",
            arguments: Trial.onStoresAndDoors
        )
        func ct25(trial: Trial) async throws {
            try await trial.run(
                mutant: "a failover client that also uses the second provider after a timeout of the first provider",
                fails: "after an unknown outcome, no provider sends again"
            ) { findings in
                try await trial.withPlace { place in
                    let error = SMSError(code: "timeout", kind: .transient, message: "no reply")
                    let unknown = try await Self.send(place, to: Service.number, first: .unknown(error))
                    findings.expect("after an unknown outcome, no provider sends again", unknown == (1, 0), unknown)
                    let balance = SMSError(code: "balance", kind: .balance, message: "no balance")
                    let rejected = try await Self.send(place, to: Service.otherNumber, first: .rejected(balance))
                    findings.expect("after a rejection, the second provider sends once", rejected == (1, 1), rejected)
                    let number = try #require(PhoneNumber(e164: "+6581112222"))
                    let accepted = try await Self.send(place, to: number, first: .accepted(SMSReceipt(messageID: "1")))
                    findings.expect("an accepted message is sent once", accepted == (1, 0), accepted)
                }
            }
        }
    }
}
