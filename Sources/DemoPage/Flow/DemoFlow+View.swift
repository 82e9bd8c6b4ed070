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
        case .registered(let arrival):
            // The account of a session always has a phone number.
            screen =
                number.present.map { .registered(PageView.RegisteredScreen(number: $0, arrival: arrival)) }
                ?? .number(number)
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
}
