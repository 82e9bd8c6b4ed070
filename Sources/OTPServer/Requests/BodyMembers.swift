// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// The members of the JSON object in a request body.
///
/// The few members are in an array, because a dictionary would have to hash each name several times.
struct BodyMembers<Name: RawRepresentable<String>> {
    private let members: [(name: String, value: JSON)]

    /// Parses a body.
    ///
    /// - Parameters:
    ///   - body: The bytes of the body.
    ///   - required: The names of the members that the body must have.
    ///   - optional: The names of the members that the body may have.
    /// - Throws: ``HTTPProblem`` if the body is not JSON, or has an unknown, duplicate or missing member. The problem quotes
    ///   nothing from the body.
    init(_ body: some Collection<UInt8>, required: [Name], optional: [Name]) throws(HTTPProblem) {
        self.members = try Self.parse(body)
        guard self.members.allSatisfy({ Self.contains($0.name, required) || Self.contains($0.name, optional) }) else {
            throw HTTPProblem(.invalidRequest, "The body has a member that the operation does not know.")
        }
        // The check of the count limits the number of comparisons.
        guard self.members.count <= required.count + optional.count,
            self.members.indices.allSatisfy({ index in
                !self.members[..<index].contains { $0.name == self.members[index].name }
            })
        else { throw HTTPProblem(.invalidRequest, "The body has a duplicate member.") }
        if let name = required.first(where: { self[$0] == nil }) {
            throw HTTPProblem(.invalidRequest, "The member \(name.rawValue) is missing.")
        }
    }

    /// Returns the value of a member; `nil` if the body has no such member.
    subscript(name: Name) -> JSON? {
        let name = name.rawValue
        return self.members.first { $0.name == name }?.value
    }

    private static func parse(_ body: some Collection<UInt8>) throws(HTTPProblem) -> [(name: String, value: JSON)] {
        // A member can be an object or an array, but not with further objects or arrays inside.
        let rules = JSONRules(maximumDepth: 2, duplicates: .rejected, allowsNUL: false)
        let members: [(name: String, value: JSON)]?
        do {
            members = try JSON.members(parsing: body, rules: rules)
        } catch {
            throw HTTPProblem(.invalidRequest, "The body is invalid: \(error).")
        }
        guard let members else { throw HTTPProblem(.invalidRequest, "The body is not an object.") }
        return members
    }

    private static func contains(_ text: String, _ names: [Name]) -> Bool { names.contains { $0.rawValue == text } }
}
