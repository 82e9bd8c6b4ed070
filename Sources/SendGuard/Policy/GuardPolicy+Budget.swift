// SPDX-License-Identifier: Apache-2.0

extension GuardPolicy {
    /// A budget of one day in UTC.
    public struct Budget: Sendable, Hashable {
        /// The messages of a day; `nil` for no limit.
        public var messages: Int?

        /// The money of a day, in the unit of ``GuardPolicy/prices``; `nil` for no limit.
        public var money: Int?

        /// Creates a budget.
        ///
        /// - Parameters:
        ///   - messages: The messages of a day; `nil` for no limit.
        ///   - money: The money of a day, in the unit of ``GuardPolicy/prices``; `nil` for no limit.
        public init(messages: Int? = nil, money: Int? = nil) {
            self.messages = messages
            self.money = money
        }
    }
}
