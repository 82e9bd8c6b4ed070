// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import OTPServer
import OperatorReports
import SMSKit
import SendGuard

/// A form that an operator has submitted.
struct AdminForm {
    /// The action that a form requests.
    enum Action: Sendable {
        case lockdown, mode, lookUp, unlock, revoke

        /// Whether the form of this action is on the overview page.
        var isOnOverview: Bool { self == .lockdown || self == .mode }
    }

    /// The result of an action.
    struct Result: Sendable {
        var notice: Notice?
        /// The phone number or the decision that the operator looked up.
        var subject: AdminSession.Subject?
    }

    let fields: [String: String]
    let admin: AdminRoutes
    let logger: Logger

    /// Performs an action.
    ///
    /// - Parameters:
    ///   - action: The action.
    ///   - session: The session of the operator.
    /// - Returns: The notice about the action, and the subject of a look-up.
    func perform(_ action: Action, in session: AdminSession) async -> Result {
        var result = Result()
        do throws(HTTPProblem) {
            switch action {
            case .lockdown: result.notice = try await self.switchLockdown(by: session.key)
            case .mode: result.notice = try await self.setMode(by: session.key)
            case .lookUp: (result.subject, result.notice) = self.subject()
            case .unlock:
                guard let number = self.number(in: session) else { return Result(notice: Self.unknownLookUp) }
                try await self.admin.operatorActions.unlock(number, by: session.key, log: self.logger)
                result.notice = Notice(.success, "The failed attempts of \(number) are deleted.")
            case .revoke:
                guard let number = self.number(in: session) else { return Result(notice: Self.unknownLookUp) }
                try await self.admin.operatorActions.revokeDevices(of: number, by: session.key, log: self.logger)
                result.notice = Notice(.success, "The known devices of \(number) are revoked.")
            }
        } catch {
            result.notice = Notice(failed: error)
        }
        return result
    }

    private func switchLockdown(by key: APIKey) async throws(HTTPProblem) -> Notice {
        let code = self.fields["region"] ?? ""
        let region = code.isEmpty ? nil : Region(code)
        guard code.isEmpty || region != nil, let state = self.fields["state"], state == "on" || state == "off" else {
            return Self.outdated
        }
        let seconds = self.fields["seconds"].flatMap { Int($0) }
        guard state == "off" || seconds.map(LockdownChange.durations.contains) ?? false else { return Self.outdated }
        let change = LockdownChange(region, forSeconds: state == "on" ? seconds : nil)
        let report = try await self.admin.operatorActions.apply(change, by: key, log: self.logger)
        let place = OverviewView.place(region?.code ?? "")
        if let warning = report.warning {
            return Notice(.error, "The lockdown (\(place)) has no effect: \(warning).")
        }
        return Notice(.success, "Lockdown \(state == "on" ? "started" : "ended"): \(place).")
    }

    private func setMode(by key: APIKey) async throws(HTTPProblem) -> Notice {
        guard let rule = self.fields["rule"].flatMap({ GuardRule.Name($0) }),
            let change = self.fields["mode"].flatMap({ ModeChange(of: rule, to: $0) })
        else { return Self.outdated }
        let report = try await self.admin.operatorActions.apply(change, by: key, log: self.logger)
        let origin = change.mode == nil ? ", as in the policy" : ""
        return Notice(.success, "\(report.rule) is now \(report.mode)\(origin).")
    }

    /// Returns the subject in the look-up form: the ID of a decision, or a phone number.
    ///
    /// If the text in the form is neither, returns an error notice instead.
    private func subject() -> (AdminSession.Subject?, Notice?) {
        let text = (self.fields["subject"] ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
        if let id = DecisionID(text) { return (.decision(id), nil) }
        guard let number = try? PhoneNumber(text, plan: self.admin.plan) else {
            return (
                nil, Notice(.error, "This is neither a phone number with its calling code nor the ID of a decision.")
            )
        }
        return (.number(number), nil)
    }

    /// Returns the phone number on the page with the form; `nil` if the session no longer stores the look-up of this number.
    ///
    /// The ID of the look-up in the form identifies the phone number. The last look-up of the session can belong to another
    /// phone number, in another browser tab.
    private func number(in session: AdminSession) -> PhoneNumber? {
        guard let id = self.fields["look-up"], case .number(let number) = session.subject(ofLookUp: id) else {
            return nil
        }
        return number
    }

    private static let unknownLookUp = Notice(
        .error,
        "Nothing was changed, because the session no longer knows the number of that page. Look up the number again."
    )

    private static let outdated = Notice(.error, "The form was incomplete. Try again.")
}
