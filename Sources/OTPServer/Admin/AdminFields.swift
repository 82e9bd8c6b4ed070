// SPDX-License-Identifier: Apache-2.0

import OperatorReports
import SMSKit
import SendGuard
import StrictJSON

/// The members of the JSON object in the body of a request to ``AdminRoutes``.
///
/// Errors name the invalid member, but quote nothing from the body.
struct AdminFields {
    /// The maximum number of entries in the lists of tenants and of purposes.
    static let mostNames = 20

    /// The number of days that a report can cover.
    static let days = 1...32

    /// The number of blocks that a report can list, where a block is a range of phone numbers.
    static let blocks = 0...1_000

    private let members: BodyMembers<AdminMember>

    /// Parses a body.
    ///
    /// - Throws: ``HTTPProblem`` if the body is not JSON, or has an unknown, duplicate or missing member.
    init(_ body: some Collection<UInt8>, for operation: AdminOperation) throws(HTTPProblem) {
        self.members = try BodyMembers(body, required: operation.required, optional: operation.optional)
    }

    /// Returns the string in an optional member; `nil` if the body has no such member.
    func string(_ member: AdminMember) throws(HTTPProblem) -> String? {
        guard let json = self.members[member] else { return nil }
        guard let text = json.string else { throw Self.mistake(member, "is not a string") }
        return text
    }

    /// Returns the list of names in an optional member; an empty list if the body has no such member.
    func names(_ member: AdminMember) throws(HTTPProblem) -> [String] {
        guard let json = self.members[member] else { return [] }
        guard let names = json.strings, names.count <= Self.mostNames else {
            throw Self.mistake(member, "is not an array of at most \(Self.mostNames) strings")
        }
        return names
    }

    /// Returns the whole number in an optional member; the default if the body has no such member.
    func int(_ member: AdminMember, in range: ClosedRange<Int>, default value: Int) throws(HTTPProblem) -> Int {
        guard let json = self.members[member] else { return value }
        guard let number = json.int64.flatMap({ Int(exactly: $0) }), range.contains(number) else {
            throw Self.mistake(member, "is not a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// Returns the phone number.
    func number(_ plan: NumberingPlan) throws(HTTPProblem) -> PhoneNumber {
        guard let text = try self.string(.number), let number = try? PhoneNumber(text, plan: plan) else {
            throw HTTPProblem(.invalidNumber)
        }
        return number
    }

    /// Returns the ID of the decision.
    func decision() throws(HTTPProblem) -> DecisionID {
        guard let id = try self.string(.decision).flatMap({ DecisionID($0) }) else {
            throw Self.mistake(.decision, "is not the ID of a decision")
        }
        return id
    }

    /// Returns the IP address of the client; `nil` if the body contains no address.
    func address() throws(HTTPProblem) -> SourceAddress? {
        guard let text = try self.string(.address) else { return nil }
        guard let address = SourceAddress(text) else {
            throw Self.mistake(.address, "is not an address such as 192.0.2.1 or 2001:db8::1")
        }
        return address
    }

    /// Returns the change that the body requests: the start or the end of a lockdown.
    func lockdown() throws(HTTPProblem) -> LockdownChange {
        let state = try self.string(.state)
        guard state == "on" || state == "off" else { throw Self.mistake(.state, "is not on or off") }
        let region = try self.region()
        guard state == "on" else {
            guard self.members[.seconds] == nil else {
                throw Self.mistake(.seconds, "is only used with the state on")
            }
            return LockdownChange(region, forSeconds: nil)
        }
        let seconds = try self.int(.seconds, in: LockdownChange.durations, default: LockdownChange.defaultSeconds)
        return LockdownChange(region, forSeconds: seconds)
    }

    private func region() throws(HTTPProblem) -> Region? {
        guard let text = try self.string(.region) else { return nil }
        guard let region = Region(text) else { throw Self.mistake(.region, "is not a region such as SG") }
        return region
    }

    /// Returns the change that the body requests: a new mode of a rule.
    func mode() throws(HTTPProblem) -> ModeChange {
        guard let rule = try self.string(.rule).flatMap({ GuardRule.Name($0) }) else {
            throw HTTPProblem(.unknownRule)
        }
        guard let change = try self.string(.mode).flatMap({ ModeChange(of: rule, to: $0) }) else {
            throw Self.mistake(.mode, "is not one of \(ModeChange.modeNames.joined(separator: ", "))")
        }
        return change
    }

    private static func mistake(_ member: AdminMember, _ reason: String) -> HTTPProblem {
        HTTPProblem(.invalidRequest, "The member \(member.rawValue) \(reason).")
    }
}
