extension RedisError {
    /// The kinds of failure that a caller treats differently.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Base: String {
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

        /// There was no connection, and nothing of the command was written: it did not run.
        public static var connectionFailed: Self { .init(.connectionFailed) }

        /// The server refused the user or the password; the command did not run.
        public static var authenticationFailed: Self { .init(.authenticationFailed) }

        /// The command timed out, or the connection was lost after the command may have been written: it may have run.
        ///
        /// Or it ran, and fewer replicas confirmed it than ``RedisConfiguration/minimumReplicas``.
        public static var outcomeUnknown: Self { .init(.outcomeUnknown) }

        /// The server answered with an error, whose kind is in ``RedisError/serverErrorKind``.
        public static var server: Self { .init(.server) }

        /// The server sent what is not RESP, or more than the limits allow: the command may have run.
        public static var protocolViolation: Self { .init(.protocolViolation) }

        /// A setting, a URL or a file of TLS cannot be used.
        public static var invalidConfiguration: Self { .init(.invalidConfiguration) }

        /// The client or its event loops were shut down: a command that had been written may have run.
        public static var clientClosed: Self { .init(.clientClosed) }

        /// The caller's task was cancelled: a command that had been written may have run.
        public static var cancelled: Self { .init(.cancelled) }

        /// Too many commands or bytes waited already: this command was not sent.
        public static var overloaded: Self { .init(.overloaded) }

        /// A short name without dynamic values, fit for a metric label.
        public var description: String { self.base.rawValue }
    }
}

extension RedisError: Equatable {
    /// Returns whether two errors have the same code; message, server error and cause are not compared.
    public static func == (first: Self, second: Self) -> Bool {
        first.code == second.code
    }
}

extension RedisError.Code {
    /// Returns whether an error is a ``RedisError`` with this code, for `catch RedisError.Code.overloaded`.
    public static func ~= (code: Self, error: any Error) -> Bool {
        (error as? RedisError)?.code == code
    }
}
