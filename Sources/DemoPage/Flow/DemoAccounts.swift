// SPDX-License-Identifier: Apache-2.0

import SMSKit

/// The accounts of the demo, each with a verified phone number.
actor DemoAccounts {
    /// The identifier of an account, which stays the same when the phone number changes.
    typealias ID = Int

    private var owners: [PhoneNumber: ID] = [:]
    private var numbers: [ID: PhoneNumber] = [:]

    /// Returns the account with a phone number, or creates a new account.
    ///
    /// - Parameter number: A phone number that the user has just verified.
    /// - Returns: The identifier of the account, and whether the account existed before.
    func account(for number: PhoneNumber) -> (id: ID, isKnown: Bool) {
        if let id = self.owners[number] { return (id, true) }
        let id = self.numbers.count + 1
        self.owners[number] = id
        self.numbers[id] = number
        return (id, false)
    }

    /// Returns the account with a phone number; `nil` if the number has no account.
    func id(of number: PhoneNumber) -> ID? { self.owners[number] }

    /// Returns the phone number of an account; `nil` if the account does not exist.
    func number(of id: ID) -> PhoneNumber? { self.numbers[id] }

    /// Replaces the phone number of an account.
    ///
    /// - Parameters:
    ///   - id: The identifier of the account.
    ///   - number: A phone number that the user has just verified.
    /// - Returns: The old phone number; `nil` if the new phone number already belongs to an account, or if the account does not
    ///   exist.
    func change(_ id: ID, to number: PhoneNumber) -> PhoneNumber? {
        guard let old = self.numbers[id], self.owners[number] == nil else { return nil }
        self.owners[old] = nil
        self.owners[number] = id
        self.numbers[id] = number
        return old
    }
}
