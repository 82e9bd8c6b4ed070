// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// Parses the members of the JSON object in a request body.
enum BodyMembers {
    /// The JSON rules for a body.
    ///
    /// A member can be an object or an array, but not with further objects or arrays inside.
    private static let rules = JSONRules(maximumDepth: 2, duplicates: .rejected, allowsNUL: false)

    /// Parses a body.
    ///
    /// - Parameters:
    ///   - body: The bytes of the body.
    ///   - required: The names of the members that the body must have.
    ///   - optional: The names of the members that the body may have.
    /// - Returns: The values of the members, keyed by their names.
    /// - Throws: ``HTTPProblem`` if the body is not JSON, or has an unknown, duplicate or missing member. The problem quotes
    ///   nothing from the body.
    static func parse<Name: RawRepresentable<String>>(
        _ body: some Collection<UInt8>,
        required: [Name],
        optional: [Name]
    ) throws(HTTPProblem) -> [String: JSON] {
        let document: JSON
        do {
            document = try JSON(parsing: body, rules: Self.rules)
        } catch {
            throw HTTPProblem(.invalidRequest, "\(error).")
        }
        guard let members = document.object else { throw HTTPProblem(.invalidRequest, "The body is not an object.") }
        let missing = required.filter { members[$0.rawValue] == nil }
        let optionalCount = optional.count { members[$0.rawValue] != nil }
        guard members.count == required.count - missing.count + optionalCount else {
            throw HTTPProblem(.invalidRequest, "The body has a member that the operation does not know.")
        }
        if let member = missing.first {
            throw HTTPProblem(.invalidRequest, "The member \(member.rawValue) is missing.")
        }
        return members
    }
}
