// SPDX-License-Identifier: Apache-2.0

extension SMSMessage {
    /// The purpose of a message, which determines how gateways route and price the message.
    public struct Category: Sendable, Hashable, CustomStringConvertible {
        private enum Base: String, CaseIterable {
            case oneTimePassword, notification, promotion
        }

        private let base: Base

        private init(_ base: Base) { self.base = base }

        /// Creates the category with a name, or returns `nil` if no category has this name.
        ///
        /// - Parameter name: A value of ``description``, such as `oneTimePassword`.
        public init?(name: some StringProtocol) {
            guard let base = Base(rawValue: String(name)) else { return nil }
            self.base = base
        }

        /// The message contains a verification code, which must arrive quickly.
        public static let oneTimePassword = Self(.oneTimePassword)
        /// The message is a notice about an action of the recipient, such as an order.
        public static let notification = Self(.notification)
        /// The message is an advertisement.
        public static let promotion = Self(.promotion)

        /// Every category.
        public static let all: [Self] = Base.allCases.map(Self.init)

        /// The name, such as `oneTimePassword`.
        public var description: String { self.base.rawValue }
    }
}
