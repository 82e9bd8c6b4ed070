// SPDX-License-Identifier: Apache-2.0

import SMSKit

/// The accounts of the demo, which have verified numbers only.
actor DemoAccounts {
    /// The identifier of an account, which does not depend on its number.
    typealias ID = Int

    private var owners: [PhoneNumber: ID] = [:]
    private var numbers: [ID: PhoneNumber] = [:]

    /// Returns the account with a number, or creates one.
    ///
    /// - Parameter number: A number that the user has just verified.
    /// - Returns: The account, and whether it existed before.
    func account(for number: PhoneNumber) -> (id: ID, isKnown: Bool) {
        if let id = self.owners[number] { return (id, true) }
        let id = self.numbers.count + 1
        self.owners[number] = id
        self.numbers[id] = number
        return (id, false)
    }

    /// Returns the number of an account.
    func number(of id: ID) -> PhoneNumber? { self.numbers[id] }

    /// Replaces the number of an account.
    ///
    /// - Parameters:
    ///   - id: The account.
    ///   - number: A number that the user has just verified.
    /// - Returns: The old number, or `nil` if the new number belongs to another account.
    func change(_ id: ID, to number: PhoneNumber) -> PhoneNumber? {
        guard let old = self.numbers[id], self.owners[number] == nil else { return nil }
        self.owners[old] = nil
        self.owners[number] = id
        self.numbers[id] = number
        return old
    }
}
