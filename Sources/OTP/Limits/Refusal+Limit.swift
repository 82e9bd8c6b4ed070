// SPDX-License-Identifier: Apache-2.0

extension Refusal {
    /// A limit on one phone number or one challenge.
    public struct Limit: Sendable, Hashable, CustomStringConvertible {
        /// The name of the limit.
        public let name: Name

        /// The window that does not admit another event; `nil` for limits without a window.
        public let window: WindowLimit?

        private init(_ name: Name, window: WindowLimit? = nil) {
            self.name = name
            self.window = window
        }

        /// The minimum wait between two sends to a number.
        public static let cooldown = Self(.cooldown)

        /// The minimum wait after a send that the gateway rejected.
        public static let refusedSends = Self(.refusedSends)

        /// The maximum number of sends per challenge.
        public static let sendsPerChallenge = Self(.sendsPerChallenge)

        /// The maximum number of consecutive failed attempts for a number.
        ///
        /// When a number reaches this maximum, all sends and attempts are refused until an operator unlocks the number. The
        /// refusals also end when ``OTPLimits/consecutiveFailuresRetention`` has passed without a failed attempt.
        public static let consecutiveFailures = Self(.consecutiveFailures)

        /// Returns the limit on sends to a number within a window.
        ///
        /// - Parameter window: The window that does not admit another send.
        /// - Returns: The limit.
        public static func sends(_ window: WindowLimit) -> Self { Self(.sends, window: window) }

        /// Returns the limit on failed attempts for a number within a window.
        ///
        /// - Parameter window: The window that does not admit another failed attempt.
        /// - Returns: The limit.
        public static func failures(_ window: WindowLimit) -> Self { Self(.failures, window: window) }

        /// The name of the limit, and its window if there is one.
        public var description: String {
            self.window.map { "\(self.name) (\($0.count) in \($0.window))" } ?? self.name.description
        }
    }
}

extension Refusal.Limit {
    /// The name of a limit, which can serve as a metric label.
    public struct Name: Sendable, Hashable, CustomStringConvertible {
        private enum Base: String {
            case cooldown, refusedSends, sends, sendsPerChallenge, failures, consecutiveFailures
        }

        private let base: Base

        private init(_ base: Base) { self.base = base }

        /// The minimum wait between two sends to a number.
        public static let cooldown = Self(.cooldown)
        /// The minimum wait after a send that the gateway rejected.
        public static let refusedSends = Self(.refusedSends)
        /// The maximum number of sends to a number within a window.
        public static let sends = Self(.sends)
        /// The maximum number of sends per challenge.
        public static let sendsPerChallenge = Self(.sendsPerChallenge)
        /// The maximum number of failed attempts for a number within a window.
        public static let failures = Self(.failures)
        /// The maximum number of consecutive failed attempts for a number.
        public static let consecutiveFailures = Self(.consecutiveFailures)

        /// The name as text, such as `refusedSends`.
        public var description: String { self.base.rawValue }
    }
}
