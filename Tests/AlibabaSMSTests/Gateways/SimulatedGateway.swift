// SPDX-License-Identifier: Apache-2.0

import OTPTesting
import SMSKit
import Synchronization

/// A gateway in memory that simulates the faults of the conformance check.
///
/// The gateway also creates clients with selected mistakes.
final class SimulatedGateway: Sendable {
    typealias Fault = SMSClientConformance.Fault

    /// A requirement of `SMSClient` that a client violates.
    enum Mistake: CaseIterable, Sendable {
        case retriesAfterLostResponse
        case rejectsAfterLostResponse
        case rejectsOnTimeout
        case isUnknownIfUnreachable
        case acceptsUnreadableResponse
        case ignoresTimeout
        case ignoresCancellation
        case rejectsOnCancellation
        case quotesTheText
        case reusesMessageIDs
        case losesMessages
    }

    private let accepted = Mutex<[String: Int]>([:])
    private let clock: ManualClock

    /// Creates a gateway, with a clock for the timeouts of its clients.
    init(clock: ManualClock) { self.clock = clock }

    func count(_ id: String) -> Int { self.accepted.withLock { $0[id] ?? 0 } }

    func client(_ fault: Fault, _ mistake: Mistake?) -> Client { Client(gateway: self, fault: fault, mistake: mistake) }

    struct Client: SMSClient {
        let gateway: SimulatedGateway
        let fault: Fault
        let mistake: Mistake?

        func send(_ message: SMSMessage, timeout: Duration) async -> SMSSendOutcome {
            let id = message.dispatchID ?? ""
            switch self.fault {
            case .none:
                if self.mistake != .losesMessages { self.accept(id) }
                return .accepted(SMSReceipt(messageID: self.mistake == .reusesMessageIDs ? "1" : id))
            case .unreachable:
                return self.mistake == .isUnknownIfUnreachable ? .unknown(self.error) : .rejected(self.error)
            case .rejected:
                return .rejected(self.mistake == .quotesTheText ? self.error(message.text) : self.error)
            case .acceptedAndUnreadable, .badGateway, .acceptedAndBadGateway:
                if self.fault != .badGateway { self.accept(id) }
                if self.mistake == .acceptsUnreadableResponse { return .accepted(SMSReceipt(messageID: "")) }
                return .unknown(self.error)
            case .closed, .acceptedAndClosed:
                if self.fault == .acceptedAndClosed { self.accept(id) }
                if self.mistake == .retriesAfterLostResponse {
                    self.accept(id)
                    return .accepted(SMSReceipt(messageID: id))
                }
                return self.mistake == .rejectsAfterLostResponse ? .rejected(self.error) : .unknown(self.error)
            default:
                if self.fault == .acceptedWithoutResponse { self.accept(id) }
                return await self.wait(timeout)
            }
        }

        private func wait(_ timeout: Duration) async -> SMSSendOutcome {
            let clock = self.gateway.clock
            let time = self.mistake == .ignoresTimeout ? timeout * 10 : timeout
            if self.mistake == .ignoresCancellation {
                await Task.detached { try? await clock.sleep(for: time) }.value
            } else {
                try? await clock.sleep(for: time)
            }
            let isRejected =
                Task.isCancelled ? self.mistake == .rejectsOnCancellation : self.mistake == .rejectsOnTimeout
            return isRejected ? .rejected(self.error) : .unknown(self.error)
        }

        private func accept(_ id: String) { self.gateway.accepted.withLock { $0[id, default: 0] += 1 } }

        private var error: SMSError { self.error("m") }

        private func error(_ message: String) -> SMSError {
            SMSError(code: "fault", kind: .transient, message: message)
        }
    }
}
