// SPDX-License-Identifier: Apache-2.0

extension RedisError {
    /// The kinds of failure that callers handle differently.
    ///
    /// A structure with static members, because the list may grow.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Base: String, CaseIterable {
            case connectionFailed
            case authenticationFailed
            case outcomeUnknown
            case server
            case protocolViolation
            case invalidConfiguration
            case clientClosed
            case cancelled
            case overloaded
        }

        private let base: Base

        private init(_ base: Base) {
            self.base = base
        }

        /// There was no connection, and the command was not written: it did not run.
        public static var connectionFailed: Self { .init(.connectionFailed) }

        /// The server rejected the user or the password; the command did not run.
        public static var authenticationFailed: Self { .init(.authenticationFailed) }

        /// The command timed out, or the connection was lost after the command may have been written: it may have run.
        ///
        /// Also if the command ran, but fewer replicas confirmed it than ``RedisConfiguration/minimumReplicas``.
        public static var outcomeUnknown: Self { .init(.outcomeUnknown) }

        /// The server returned an error reply, whose kind is in ``RedisError/serverErrorKind``.
        public static var server: Self { .init(.server) }

        /// The server sent bytes that are not RESP, or that exceed the limits: the command may have run.
        public static var protocolViolation: Self { .init(.protocolViolation) }

        /// A setting, the URL or a TLS file is invalid.
        public static var invalidConfiguration: Self { .init(.invalidConfiguration) }

        /// The client or its event loops were shut down: a command that had been written may have run.
        public static var clientClosed: Self { .init(.clientClosed) }

        /// The caller's task was cancelled: a command that had been written may have run.
        public static var cancelled: Self { .init(.cancelled) }

        /// Too many commands or bytes were in flight: the command was not sent.
        public static var overloaded: Self { .init(.overloaded) }

        /// A short name without dynamic values, usable as a metric label.
        public var description: String { self.base.rawValue }

        /// The codes of commands that fail without a reply.
        static var allFailures: [Self] { Base.allCases.filter { $0 != .server }.map { Self($0) } }
    }
}

extension RedisError.Code {
    /// Returns whether an error is a ``RedisError`` with this code, for `catch RedisError.Code.overloaded`.
    ///
    /// - Parameters:
    ///   - code: The code.
    ///   - error: Any error.
    /// - Returns: Whether they match.
    public static func ~= (code: Self, error: any Error) -> Bool {
        (error as? RedisError)?.code == code
    }
}
