// SPDX-License-Identifier: Apache-2.0

import OTP
import SMSKit
import SendGuard
import StrictJSON

/// The members of the JSON object in the body of a request to ``OTPRoutes``.
///
/// Errors name the invalid member, but quote nothing from the body.
struct RequestFields {
    private let members: BodyMembers<Member>

    /// Parses a body.
    ///
    /// - Parameters:
    ///   - body: The bytes of the body.
    ///   - operation: The operation, which determines the required and the optional members.
    /// - Throws: ``HTTPProblem`` if the body is not JSON, or has an unknown, duplicate or missing member.
    init(_ body: some Collection<UInt8>, for operation: Operation) throws(HTTPProblem) {
        self.members = try BodyMembers(body, required: operation.required, optional: operation.optional)
    }

    /// Returns the string in a required member.
    func string(_ member: Member) throws(HTTPProblem) -> String {
        guard let text = self.members[member]?.string else { throw Self.mistake(member, "is not a string") }
        return text
    }

    /// Returns the string in an optional member; `nil` if the body has no such member.
    func optionalString(_ member: Member) throws(HTTPProblem) -> String? {
        self.members[member] == nil ? nil : try self.string(member)
    }

    /// Returns the phone number.
    func number(_ plan: NumberingPlan) throws(HTTPProblem) -> PhoneNumber {
        let text = try self.string(.number)
        do {
            return try PhoneNumber(text, plan: plan)
        } catch {
            throw HTTPProblem(.invalidNumber)
        }
    }

    /// Returns the purpose.
    func purpose() throws(HTTPProblem) -> OTPPurpose {
        guard let purpose = OTPPurpose(rawValue: try self.string(.purpose)) else {
            throw Self.mistake(.purpose, "is not a name of 1 to 64 of the characters a-z, 0-9, '.', '_' and '-'")
        }
        return purpose
    }

    /// Returns the token of the challenge.
    func token() throws(HTTPProblem) -> ChallengeToken {
        let text = try self.string(.token)
        do throws(OTPError) {
            return try ChallengeToken(text)
        } catch {
            throw HTTPProblem(error)
        }
    }

    /// Returns the context, the list of strings to which the code is bound.
    ///
    /// The list is empty if the body contains no context.
    func context() throws(HTTPProblem) -> [String] {
        guard let json = self.members[.context] else { return [] }
        guard let context = json.strings else { throw Self.mistake(.context, "is not an array of strings") }
        return context
    }

    /// Returns the facts about the end user's client that the body contains.
    func client() throws(HTTPProblem) -> ClientInfo {
        var info = ClientInfo()
        guard let json = self.members[.client] else { return info }
        guard let members = json.object else { throw Self.mistake(.client, "is not an object") }
        for (name, value) in members {
            switch Member.Client(rawValue: name) {
            case .address:
                guard let address = value.string.flatMap({ SourceAddress($0) }) else {
                    throw Self.mistake(name, "is not an address such as 192.0.2.1 or 2001:db8::1")
                }
                info.source = address
            case .deviceToken:
                guard let text = value.string else { throw Self.mistake(name, "is not a string") }
                // A malformed device token counts as no device token, so it causes no error.
                info.deviceToken = try? DeviceToken(text)
            case .knownNumber:
                guard let truth = value.bool else { throw Self.mistake(name, "is not true or false") }
                info.isKnownNumber = truth
            case .humanCheckResponse:
                guard let text = value.string else { throw Self.mistake(name, "is not a string") }
                info.humanCheckResponse = text
            case nil: throw HTTPProblem(.invalidRequest, "The object client has an unknown member.")
            }
        }
        return info
    }

    private static func mistake(_ member: Member, _ reason: String) -> HTTPProblem {
        HTTPProblem(.invalidRequest, "The member \(member.rawValue) \(reason).")
    }

    /// Creates the problem for an invalid member of the object `client`.
    private static func mistake(_ name: String, _ reason: String) -> HTTPProblem {
        HTTPProblem(.invalidRequest, "The member client.\(name) \(reason).")
    }
}
