// SPDX-License-Identifier: Apache-2.0

extension GuardPolicy {
    /// A daily budget.
    ///
    /// Days begin at midnight UTC.
    public struct Budget: Sendable, Hashable {
        /// The maximum number of messages per day; `nil` for no limit.
        public var messages: Int?

        /// The maximum amount of money per day, in the unit of ``GuardPolicy/prices``; `nil` for no limit.
        public var money: Int?

        /// Creates a budget.
        ///
        /// - Parameters:
        ///   - messages: The maximum number of messages per day; `nil` for no limit.
        ///   - money: The maximum amount of money per day, in the unit of ``GuardPolicy/prices``; `nil` for no limit.
        public init(messages: Int? = nil, money: Int? = nil) {
            self.messages = messages
            self.money = money
        }
    }
}
