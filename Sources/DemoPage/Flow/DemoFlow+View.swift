// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTP

extension DemoFlow {
    /// Returns the page for a session.
    ///
    /// - Parameters:
    ///   - session: The session.
    ///   - language: The language of the page.
    ///   - inbox: The messages next to the form.
    /// - Returns: The view.
    func view(of session: DemoSession, in language: PageLanguage, _ inbox: InboxView) async -> PageView {
        let now = self.now()
        var notice = session.notice
        var number = PageView.NumberScreen(region: session.region, typed: session.typed)
        if let account = session.account { number.present = await self.accounts.number(of: account) }
        let screen: PageView.Screen
        switch session.step {
        case .number: screen = .number(number)
        case .check(let checked): screen = .check(checked.number)
        case .code(let pending):
            let isExpired = !pending.isOver && pending.expiresAt <= now
            if isExpired { notice = .expired }
            screen = .code(
                PageView.CodeScreen(
                    number: pending.number,
                    length: self.otp.codeLength,
                    attemptsRemaining: pending.attemptsRemaining,
                    expiresAt: pending.expiresAt,
                    resendAt: pending.resendAt,
                    isOver: pending.isOver || isExpired
                )
            )
        case .recovery: screen = .recovery(number)
        case .registered where !session.newCodes.isEmpty: screen = .codes(session.newCodes)
        case .registered(let arrival): screen = await self.accountScreen(session, number, arrival)
        }
        return PageView(
            language: language,
            formID: session.formID,
            screen: screen,
            notice: notice,
            inbox: inbox,
            now: now
        )
    }

    private func accountScreen(
        _ session: DemoSession,
        _ number: PageView.NumberScreen,
        _ arrival: PageView.Arrival
    ) async -> PageView.Screen {
        // The account of a session always has a phone number.
        guard let account = session.account, let present = number.present else { return .number(number) }
        let remaining = await self.recovery.remaining(of: account)
        return .registered(
            PageView.RegisteredScreen(number: present, arrival: arrival, codesRemaining: remaining)
        )
    }
}
