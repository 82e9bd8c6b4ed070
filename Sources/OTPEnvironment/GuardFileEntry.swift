// SPDX-License-Identifier: Apache-2.0

import Foundation
import SendGuard
import StrictJSON

/// A JSON value in the policy document of a guard, with the path of the value for error messages.
struct GuardFileEntry: Sendable {
    private let path: String
    private let json: JSON

    init(_ path: String, _ json: JSON) {
        self.path = path
        self.json = json
    }

    func mistake(_ reason: String) -> GuardFile.Mistake { GuardFile.Mistake(entry: self.path, reason: reason) }

    /// Returns the members of this value sorted by name, or throws an error if the value is not an object.
    func sortedMembers() throws(GuardFile.Mistake) -> [(name: String, entry: Self)] {
        guard let members = self.json.object else { throw self.mistake("it is not an object") }
        return members.sorted { $0.key < $1.key }.map { ($0.key, self.child($0.key.prefix(64), $0.value)) }
    }

    /// Returns the members of this value, or throws an error if a member has none of the given names.
    func members(_ names: [String]) throws(GuardFile.Mistake) -> [String: Self] {
        var members: [String: Self] = [:]
        for (name, entry) in try self.sortedMembers() {
            guard names.contains(name) else {
                throw entry.mistake("it is not one of \(names.joined(separator: ", "))")
            }
            members[name] = entry
        }
        return members
    }

    func elements() throws(GuardFile.Mistake) -> [Self] {
        guard let elements = self.json.array else { throw self.mistake("it is not an array") }
        return elements.enumerated().map { Self("\(self.path)[\($0.offset)]", $0.element) }
    }

    func string() throws(GuardFile.Mistake) -> String {
        guard let string = self.json.string else { throw self.mistake("it is not a string") }
        return string
    }

    func integer() throws(GuardFile.Mistake) -> Int {
        guard let number = self.json.int64, let integer = Int(exactly: number), integer >= 0 else {
            throw self.mistake("it is not a whole number of at least 0")
        }
        return integer
    }

    /// Returns the time in this value, which must be a timestamp such as `2027-01-31T00:00:00Z`.
    func time() throws(GuardFile.Mistake) -> LedgerTime {
        guard let date = try? Date(try self.string(), strategy: .iso8601),
            let seconds = Int(exactly: date.timeIntervalSince1970.rounded(.down)), (0..<1 << 32).contains(seconds)
        else { throw self.mistake("it is not a timestamp such as 2027-01-31T00:00:00Z") }
        return LedgerTime(seconds: seconds)
    }

    private func child(_ name: some StringProtocol, _ json: JSON) -> Self {
        Self(self.path.isEmpty ? String(name) : "\(self.path).\(name)", json)
    }
}
