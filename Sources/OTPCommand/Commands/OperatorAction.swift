// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import OTP
import OTPEnvironment
import SMSKit
import SendGuard

/// The arguments of an operator's action on a phone number.
///
/// The action is recorded by an audit event.
struct OperatorAction: ParsableArguments {
    @OptionGroup var sources: SourceOptions
    @OptionGroup var number: NumberArgument

    @Option(name: .customLong("operator"), help: "Your name, for the audit event. The default is your user name.")
    var operatorName: String?

    /// Runs the action, and ensures that its audit event is written.
    ///
    /// If `OTP_AUDIT` is set, the service writes the event. If not, this method writes the event.
    ///
    /// - Parameters:
    ///   - event: The event, without the number and the operator.
    ///   - output: The output for a note if the event is lost.
    ///   - action: The action with the service, the number and the name of the operator.
    /// - Returns: The number.
    /// - Throws: ``CommandFailure`` if the action failed.
    func run(
        _ event: AuditEvent,
        _ output: Output,
        _ action: (OTPService, PhoneNumber, String) async throws -> Void
    ) async throws -> PhoneNumber {
        let settings = try self.sources.settings()
        let number = try self.number.phoneNumber(settings)
        let name = self.operatorName ?? NSUserName()
        try await withService(settings, for: .verify) { try await action($0, number, name) }
        if settings.value(.audit) == nil {
            var event = event
            event.set(number: number)
            event[.operatorName] = name
            await recordAction(event, settings, output)
        }
        return number
    }
}
