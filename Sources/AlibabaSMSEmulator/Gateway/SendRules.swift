// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import SMSKit
import TextFormats

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The rules by which the SMS service behind the gateway validates messages.
struct SendRules: Sendable {
    static let maximumTextLength = 2000
    static let maximumValueLength = 200
    static let types = ["OTP", "NOTIFY", "MKT", "GENERAL"]

    /// The approved sender IDs; `nil` approves every well-formed sender ID.
    var senderIDs: Set<String>?
    /// The approved signatures; `nil` approves all.
    var signatures: Set<String>?
    /// The approved templates, keyed by their codes; `nil` approves all.
    var templates: [String: SMSTemplate]?

    /// Creates the rules of an account.
    init(_ settings: AccountSettings) {
        self.senderIDs = settings.senderIDs.map(Set.init)
        self.signatures = settings.signatures.map(Set.init)
        self.templates = settings.templates.map { list in
            Dictionary(list.map { ($0.code, $0) }) { _, last in last }
        }
    }

    func text(_ text: String) throws(ServiceError) -> String {
        guard !text.allSatisfy(\.isWhitespace) else { throw ServiceError("INVALID_PARAMETERS", "Message is empty.") }
        guard text.utf16.count <= Self.maximumTextLength else {
            throw ServiceError("CONTENT_EXCEED_LIMIT", "Message is too long.")
        }
        return text
    }

    func number(_ text: String, isMainlandChina: Bool) throws(ServiceError) -> PhoneNumber {
        guard let number = PhoneNumber(e164: "+\(text)") else {
            throw ServiceError("MOBILE_NUMBER_ILLEGAL", "The mobile number is illegal.")
        }
        guard number.isMainlandChina == isMainlandChina else {
            let message = "This action \(isMainlandChina ? "sends only" : "does not send") to mainland China."
            throw ServiceError("NOT_SUPPORTED_COUNTRY", message)
        }
        return number
    }

    func senderID(_ text: String?) throws(ServiceError) -> String? {
        guard let text else { return nil }
        guard SenderID.isValid(text), self.senderIDs?.contains(text) != false else {
            throw ServiceError("INVALID_SENDERID", "The sender ID is invalid or not approved.")
        }
        return text
    }

    func signature(_ text: String) throws(ServiceError) -> String {
        guard
            !text.allSatisfy(\.isWhitespace), text.utf16.count <= 64, self.signatures?.contains(text) != false
        else { throw ServiceError("SMS_SIGN_NAME_ILLEGAL", "The signature is invalid or not approved.") }
        return text
    }

    func template(_ code: String) throws(ServiceError) -> SMSTemplate {
        let known = self.templates == nil ? SMSTemplate(code: code) : self.templates?[code]
        guard Self.isTemplateCode(code), let known else {
            throw ServiceError("SMS_CONTENT_CODE_ILLEGAL", "The template is invalid or not approved.")
        }
        return known
    }

    /// Returns whether a string is a well-formed template code.
    static func isTemplateCode(_ code: String) -> Bool {
        code.hasPrefix("SMS_") && (5...64).contains(code.utf8.count)
            && code.utf8.allSatisfy { byte in
                byte.isASCIIAlphanumeric || byte == UInt8(ascii: "_")
            }
    }

    func options(of call: GatewayCall, types: [String]) throws(ServiceError) -> ValidatedMessage.Options {
        let type = types.isEmpty ? nil : call.parameter("Type")
        if let type, !types.contains(type) {
            throw ServiceError("INVALID_PARAMETERS", "Type is not one of \(types.joined(separator: ", ")).")
        }
        let taskID = call.parameter("TaskId")
        if let taskID, !(1...255).contains(taskID.utf16.count) {
            throw ServiceError("INVALID_PARAMETERS", "TaskId must have 1 to 255 characters.")
        }
        var validityPeriod: Int?
        if let text = call.parameter("ValidityPeriod") {
            guard let seconds = Int(text), (1...Self.longestValidity).contains(seconds) else {
                throw ServiceError("INVALID_PARAMETERS", "ValidityPeriod must be a positive number of seconds.")
            }
            validityPeriod = seconds
        }
        return ValidatedMessage.Options(type: type, taskID: taskID, validityPeriod: validityPeriod)
    }

    /// The maximum validity period in seconds, which is one hundred years.
    ///
    /// Alibaba does not document a limit. The limit of the emulator prevents an overflow in date arithmetic.
    private static let longestValidity = 3_153_600_000
}
