// SPDX-License-Identifier: Apache-2.0

extension Refusal {
    /// A limit of one phone number or one challenge.
    public struct Limit: Sendable, Hashable, CustomStringConvertible {
        /// The name of the limit.
        public let name: Name

        /// The window that is full; `nil` for limits without a window.
        public let window: WindowLimit?

        private init(_ name: Name, window: WindowLimit? = nil) {
            self.name = name
            self.window = window
        }

        /// The wait between two messages to a number.
        public static let cooldown = Self(.cooldown)

        /// The wait after a message that the gateway rejected.
        public static let refusedSends = Self(.refusedSends)

        /// The messages of one challenge.
        public static let sendsPerChallenge = Self(.sendsPerChallenge)

        /// The failure streak of a number: it stays disabled until it is unlocked.
        public static let consecutiveFailures = Self(.consecutiveFailures)

        /// The messages to a number within a window.
        ///
        /// - Parameter window: The window.
        /// - Returns: The limit.
        public static func sends(_ window: WindowLimit) -> Self { Self(.sends, window: window) }

        /// The failed attempts of a number within a window.
        ///
        /// - Parameter window: The window.
        /// - Returns: The limit.
        public static func failures(_ window: WindowLimit) -> Self { Self(.failures, window: window) }

        /// The name and, if there is one, the window.
        public var description: String {
            self.window.map { "\(self.name) (\($0.count) in \($0.window))" } ?? self.name.description
        }
    }
}

extension Refusal.Limit {
    /// The name of a limit, for a `switch` and for metric labels.
    public struct Name: Sendable, Hashable, CustomStringConvertible {
        private enum Base: String {
            case cooldown, refusedSends, sends, sendsPerChallenge, failures, consecutiveFailures
        }

        private let base: Base

        private init(_ base: Base) { self.base = base }

        /// The wait between two messages to a number.
        public static let cooldown = Self(.cooldown)
        /// The wait after a message that the gateway rejected.
        public static let refusedSends = Self(.refusedSends)
        /// The messages to a number within a window.
        public static let sends = Self(.sends)
        /// The messages of one challenge.
        public static let sendsPerChallenge = Self(.sendsPerChallenge)
        /// The failed attempts of a number within a window.
        public static let failures = Self(.failures)
        /// The failure streak of a number.
        public static let consecutiveFailures = Self(.consecutiveFailures)

        /// A short name without dynamic values, such as `refusedSends`.
        public var description: String { self.base.rawValue }
    }
}
