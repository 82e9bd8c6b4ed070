// SPDX-License-Identifier: Apache-2.0

import SMSKit

extension DemoFlow {
    /// The number of failed attempts with recovery codes after which a session refuses further attempts for some time.
    private static let maximumFailures = 5

    /// Creates recovery codes for the account of a session.
    ///
    /// The next page shows the codes. Afterwards, the server has only their hashes.
    func createCodes(_ session: inout DemoSession) async {
        guard let account = session.account else { return }
        session.newCodes = await self.recovery.renew(account)
        session.step = .registered(.stayed)
    }

    /// Signs a visitor in with a recovery code.
    func recover(_ text: String, _ region: String, _ typedCode: String, _ session: inout DemoSession) async {
        guard let number = self.phoneNumber(text, region, &session) else { return }
        let now = self.now()
        if let end = session.failures.refusal(after: Self.maximumFailures, at: now) {
            session.notice = .recoveryLocked(until: end)
            return
        }
        guard let code = RecoveryCode(typed: typedCode) else {
            session.notice = .malformedRecovery
            return
        }
        let account = await self.accounts.id(of: number)
        switch await self.recovery.redeem(code, of: account, number, at: now) {
        case .accepted(let account):
            session.account = account
            session.step = .registered(.recovered)
            session.typed = ""
        case .refused(let end):
            session.failures.record(at: now, maximum: Self.maximumFailures)
            let ends = [end, session.failures.refusal(after: Self.maximumFailures, at: now)].compactMap { $0 }
            session.notice = ends.max().map { Notice.recoveryLocked(until: $0) } ?? .recoveryRefused
        case .locked(let end):
            session.notice = .recoveryLocked(until: end)
        }
    }
}
