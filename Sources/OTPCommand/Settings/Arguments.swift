// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTP
import OTPEnvironment
import SMSKit

/// Parsers for the arguments of commands.
///
/// Error messages never contain the text of an argument.
enum Arguments {
    static func number(_ text: String, _ settings: OTPSettings) throws -> PhoneNumber {
        let plan = try settings.numberingPlan
        do {
            return try PhoneNumber(text, plan: plan)
        } catch {
            throw CommandFailure.usage("NUMBER is not a phone number: \(error.message)")
        }
    }

    static func token(_ text: String) throws(CommandFailure) -> ChallengeToken {
        do {
            return try ChallengeToken(text)
        } catch {
            throw .usage("TOKEN is not a token of this service: pass the text that otp issue printed")
        }
    }

    /// Returns the device token in a file, or in the first line of standard input if the path is `-`.
    static func deviceToken(in path: String) throws(CommandFailure) -> DeviceToken {
        let text: String?
        if path == "-" {
            text = readLine()
        } else {
            let bytes = try? FileHandle(forReadingFrom: URL(fileURLWithPath: path)).read(upToCount: 1024)
            text = bytes.map { String(decoding: $0, as: UTF8.self) }
        }
        guard let text else { throw .usage("--device: the file or standard input cannot be read, or is empty") }
        do {
            return try DeviceToken(text)
        } catch {
            throw .usage("--device: the text is not a device token; use the output of otp verify --device-token")
        }
    }

    static func purpose(_ text: String) throws(CommandFailure) -> OTPPurpose {
        guard let purpose = OTPPurpose(rawValue: text) else {
            throw .usage("--purpose must have 1 to 64 of the characters a-z, 0-9, '.', '_' and '-'")
        }
        return purpose
    }

    static func audience(_ text: String) throws(CommandFailure) -> ProofAudience {
        guard let audience = ProofAudience(rawValue: text) else {
            throw .usage("--audience must have 1 to 128 visible ASCII characters")
        }
        return audience
    }

    static func locale(_ tag: String?, in settings: OTPSettings) throws -> MessageLocale? {
        guard let tag else { return nil }
        let messages = try settings.messagesOfAnyLength()
        guard let locale = messages.locale(matching: tag) else {
            let known = (messages.languages ?? messages.locales).map(\.rawValue).joined(separator: ", ")
            throw CommandFailure.usage("--locale is not one of \(known)")
        }
        return locale
    }

    /// Returns the code in an argument, or in the first line of standard input if the argument is missing or `-`.
    static func code(_ argument: String?) throws(CommandFailure) -> String {
        if let argument, argument != "-" { return argument }
        if isatty(STDIN_FILENO) == 1 { try? FileHandle.standardError.write(contentsOf: Data("Code: ".utf8)) }
        guard let line = readLine() else { throw .usage("CODE is missing, and standard input is empty") }
        return line
    }
}
