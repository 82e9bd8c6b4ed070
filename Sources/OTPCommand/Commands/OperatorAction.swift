// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import OTP
import OTPEnvironment
import SMSKit
import SendGuard

/// The arguments of an operator's action on a phone number.
///
/// Each action is recorded as an audit event.
struct OperatorAction: ParsableArguments {
    @OptionGroup var sources: SourceOptions
    @OptionGroup var number: NumberArgument

    @Option(name: .customLong("operator"), help: "Your name, for the audit event. The default is your user name.")
    var operatorName: String?

    /// Performs the action, and records its audit event.
    ///
    /// If `OTP_AUDIT` is set, the service writes the event to the destinations in this variable. Otherwise, this method writes
    /// the event to the audit stream in Redis.
    ///
    /// - Parameters:
    ///   - event: The audit event, without the phone number and the name of the operator.
    ///   - output: The output for a note if the event cannot be written.
    ///   - action: Performs the action with the service, the phone number and the name of the operator.
    /// - Returns: The phone number.
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
