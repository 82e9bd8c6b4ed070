// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import OTP
import SMSKit
import SendGuard

/// The steps of the registration.
///
/// Each step receives the session and the action of a visitor, and returns the changed session.
///
/// The values in an action are not trusted. The phone number of an account always comes from a verification proof.
struct DemoFlow: Sendable {
    /// The address and the language of a browser.
    struct Visitor: Sendable {
        var source: SourceAddress?
        var language: PageLanguage
    }

    /// The product name in the message to the old phone number after a change of an account's phone number.
    private static let brand = "swift-otp"

    let otp: OTPService
    let sms: any SMSClient
    let humanCheck: DemoHumanCheck?
    let plan: NumberingPlan
    let accounts = DemoAccounts()
    let recovery = DemoRecovery()
    let now: @Sendable () -> Date
    let logger: Logger

    /// Performs an action if it belongs to the current step, and otherwise shows a notice.
    ///
    /// - Parameters:
    ///   - action: The action.
    ///   - session: The session of the visitor.
    ///   - visitor: The browser of the visitor.
    /// - Returns: The session after the action.
    func perform(_ action: DemoAction, in session: DemoSession, from visitor: Visitor) async -> DemoSession {
        var session = session
        session.notice = nil
        session.newCodes = []
        session.renewForm()
        switch (action, session.step) {
        case (.number(let text, let region), .number):
            await self.enter(text, region, &session, visitor)
        case (.check(let isTicked), .check(let checked)):
            guard isTicked else {
                session.notice = .checkFailed
                break
            }
            let response = self.humanCheck?.makeResponse(for: checked.number)
            await self.send(to: checked.number, checked.pending, response, &session, visitor)
        case (.code(let text), .code(let pending)):
            await self.verify(text, pending, &session, visitor)
        case (.resend, .code(let pending)):
            await self.send(to: pending.number, pending, nil, &session, visitor)
        case (.back, .number), (.back, .check), (.back, .code), (.back, .recovery):
            await self.leave(&session)
        case (.back, .registered):
            session.step = .registered(.stayed)
        case (.recovery, .number) where session.account == nil:
            session.step = .recovery
        case (.recover(let text, let region, let code), .recovery):
            await self.recover(text, region, code, &session)
        case (.recoveryCodes, .registered):
            await self.createCodes(&session)
        case (.change, .registered):
            session.step = .number
            session.typed = ""
        case (.signOut, .registered):
            session.step = .number
            session.account = nil
            session.typed = ""
        default:
            session.notice = .outdated
        }
        return session
    }

    // MARK: Sending

    private func enter(_ text: String, _ region: String, _ session: inout DemoSession, _ visitor: Visitor) async {
        guard let number = self.phoneNumber(text, region, &session) else { return }
        if let account = session.account, await self.accounts.number(of: account) == number {
            session.notice = .ownNumber
            return
        }
        await self.send(to: number, nil, nil, &session, visitor)
    }

    /// Parses the phone number that a visitor typed; if the text is not a phone number, sets a notice and returns `nil`.
    func phoneNumber(_ text: String, _ region: String, _ session: inout DemoSession) -> PhoneNumber? {
        session.typed = String(text.prefix(40))
        session.region = Region(region) ?? session.region
        do throws(PhoneNumberError) {
            return try PhoneNumber(text, defaultRegion: session.region, plan: self.plan)
        } catch {
            session.notice = self.notice(for: error, text, session.region)
            return nil
        }
    }

    /// Returns the notice for a text that is not a phone number.
    ///
    /// If the national number is invalid, the text is parsed again with a calling code. The second error can state that the
    /// number is too short or too long.
    private func notice(for error: PhoneNumberError, _ text: String, _ region: Region) -> Notice {
        guard error.code == .invalidNationalNumber else { return Notice(error) }
        do throws(PhoneNumberError) {
            _ = try PhoneNumber("+\(region.callingCode) \(text)", plan: self.plan)
        } catch {
            return Notice(error)
        }
        return Notice(error)
    }

    /// Resends the pending code if it can still be verified; otherwise, issues a new code.
    private func send(
        to number: PhoneNumber,
        _ pending: DemoSession.Pending?,
        _ response: String?,
        _ session: inout DemoSession,
        _ visitor: Visitor
    ) async {
        let client = ClientInfo(source: visitor.source, humanCheckResponse: response)
        let locale = self.otp.locale(matching: visitor.language.rawValue)
        let (purpose, context) = self.subject(session)
        let repeated = pending.flatMap { $0.isOver || $0.expiresAt <= self.now() ? nil : $0 }
        do throws(OTPError) {
            let challenge: Challenge
            if let repeated {
                challenge = try await self.otp.resend(
                    for: number,
                    token: repeated.token,
                    purpose: purpose,
                    context: context,
                    locale: locale,
                    client: client
                )
            } else {
                challenge = try await self.otp.issue(
                    for: number,
                    purpose: purpose,
                    context: context,
                    locale: locale,
                    client: client
                )
            }
            session.step = .code(await self.refreshed(DemoSession.Pending(number, challenge)))
            session.notice = challenge.delivery.isAccepted ? (pending == nil ? nil : .sent) : .delayed
        } catch {
            self.refuse(error, number, pending, &session)
        }
    }

    /// Shows why a message was not sent.
    private func refuse(
        _ error: OTPError,
        _ number: PhoneNumber,
        _ pending: DemoSession.Pending?,
        _ session: inout DemoSession
    ) {
        guard error.code != .humanCheckRequired else {
            // A response to the human check is valid only once, so the visitor needs a new check.
            session.step = .check(DemoSession.Checked(number: number, pending: pending))
            return
        }
        session.notice = Notice(error, codeLength: self.otp.codeLength, at: self.now())
        guard var pending else {
            session.step = .number
            return
        }
        if let notice = session.notice, notice.endsChallenge { pending.isOver = true }
        session.step = .code(pending)
    }

    // MARK: Verification

    private func verify(
        _ text: String,
        _ pending: DemoSession.Pending,
        _ session: inout DemoSession,
        _ visitor: Visitor
    ) async {
        let (purpose, context) = self.subject(session)
        do throws(OTPError) {
            let proof = try await self.otp.verify(
                text,
                for: pending.number,
                token: pending.token,
                purpose: purpose,
                context: context,
                client: ClientInfo(source: visitor.source)
            )
            await self.complete(proof, &session, visitor)
        } catch {
            var pending = pending
            let notice = Notice(error, codeLength: self.otp.codeLength, at: self.now())
            session.notice = notice
            pending.attemptsRemaining = error.attemptsRemaining ?? pending.attemptsRemaining
            if notice.endsChallenge || pending.attemptsRemaining == 0 { pending.isOver = true }
            // The last attempt was used.
            if pending.isOver, notice == .incorrectCode { session.notice = .attemptsExhausted }
            session.step = .code(await self.refreshed(pending))
        }
    }

    /// Returns a challenge with its current state in the store.
    ///
    /// For example, a wrong code can delay the next resend. The times of the store are converted to the clock of this process,
    /// because the two clocks may differ.
    private func refreshed(_ pending: DemoSession.Pending) async -> DemoSession.Pending {
        guard !pending.isOver, let status = try? await self.otp.status(for: pending.number, token: pending.token) else {
            return pending
        }
        let difference = self.now().timeIntervalSince(status.readAt)
        var pending = pending
        pending.attemptsRemaining = status.attemptsRemaining
        pending.expiresAt = status.expiresAt + difference
        pending.resendAt = status.resendAllowedAt.map { $0 + difference }
        return pending
    }

    /// Creates the account of a verified phone number, or changes the phone number of the visitor's account.
    private func complete(_ proof: VerificationProof, _ session: inout DemoSession, _ visitor: Visitor) async {
        session.typed = ""
        guard let account = session.account else {
            let (id, isKnown) = await self.accounts.account(for: proof.phoneNumber)
            session.account = id
            session.step = .registered(isKnown ? .returned : .created)
            return
        }
        session.step = .registered(.stayed)
        guard let old = await self.accounts.change(account, to: proof.phoneNumber) else {
            session.notice = .taken
            return
        }
        let isNotified = await self.notify(old, of: proof.phoneNumber, in: visitor.language)
        session.notice = .changed(from: old, isNotified: isNotified)
    }

    /// Sends a message to the old phone number after a change, so that the owner of the account detects a takeover.
    ///
    /// - Returns: Whether the gateway accepted the message.
    private func notify(_ old: PhoneNumber, of new: PhoneNumber, in language: PageLanguage) async -> Bool {
        let text = language.texts.changeMessage
            .replacing("{brand}", with: Self.brand)
            .replacing("{end}", with: new.nationalNumber.suffix(2))
        let message = SMSMessage(to: old, text: text, category: .notification)
        let outcome = await self.sms.send(message, timeout: .seconds(10))
        if case .accepted = outcome { return true }
        self.logger.warning("Old number not notified of a change")
        return false
    }

    // MARK: Steps

    /// Returns the purpose and the context of a session's codes.
    ///
    /// The code for a change of the phone number is bound to the account, so it is not valid for other accounts.
    private func subject(_ session: DemoSession) -> (OTPPurpose, [String]) {
        guard let account = session.account else { return (.registration, []) }
        return (.phoneNumberChange, ["account \(account)"])
    }

    /// Returns to the form for a phone number.
    ///
    /// From this form, a signed-in visitor returns to the page of the account.
    private func leave(_ session: inout DemoSession) async {
        if case .code(let pending) = session.step, !pending.isOver {
            // An error does not matter, because an unused code expires.
            try? await self.otp.cancel(for: pending.number, token: pending.token)
        }
        guard case .number = session.step, session.account != nil else {
            session.step = .number
            return
        }
        session.step = .registered(.stayed)
        session.typed = ""
    }
}

extension Notice {
    /// Whether the code can no longer be verified.
    fileprivate var endsChallenge: Bool {
        switch self {
        case .expired, .attemptsExhausted, .resendsExhausted: true
        default: false
        }
    }
}

extension DemoSession.Pending {
    init(_ number: PhoneNumber, _ challenge: Challenge) {
        self.init(
            number: number,
            token: challenge.token,
            attemptsRemaining: challenge.attemptsRemaining,
            expiresAt: challenge.expiresAt,
            resendAt: challenge.resendAllowedAt
        )
    }
}
