// SPDX-License-Identifier: Apache-2.0

extension RedisError {
    /// The kind of a failure, which shows whether the command may have run.
    ///
    /// Later versions may add kinds.
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

        /// There was no connection, so the command was not written and did not run.
        public static var connectionFailed: Self { .init(.connectionFailed) }

        /// The server rejected the credentials or requires a password, so the command did not run.
        public static var authenticationFailed: Self { .init(.authenticationFailed) }

        /// The command may have run.
        ///
        /// For example, the command timed out or the connection was lost after the command was written. The code is also used
        /// if fewer than ``RedisConfiguration/minimumReplicas`` replicas confirmed a write.
        public static var outcomeUnknown: Self { .init(.outcomeUnknown) }

        /// The server returned an error reply.
        ///
        /// ``RedisError/serverErrorKind`` contains the kind of the error reply.
        public static var server: Self { .init(.server) }

        /// The server sent bytes that are not valid RESP, or a reply that exceeds the limits.
        ///
        /// The command may have run.
        public static var protocolViolation: Self { .init(.protocolViolation) }

        /// A setting, the URL or a TLS file is invalid.
        public static var invalidConfiguration: Self { .init(.invalidConfiguration) }

        /// The client or its event loops were shut down.
        ///
        /// If the command had been written, it may have run.
        public static var clientClosed: Self { .init(.clientClosed) }

        /// The caller's task was cancelled.
        ///
        /// If the command had been written, it may have run.
        public static var cancelled: Self { .init(.cancelled) }

        /// Too many commands or bytes were in flight, so the command was not sent.
        public static var overloaded: Self { .init(.overloaded) }

        /// The name of the code, which can serve as a metric label.
        public var description: String { self.base.rawValue }

        /// All codes except ``server``, for commands that fail without a reply.
        static var allFailures: [Self] { Base.allCases.filter { $0 != .server }.map { Self($0) } }
    }
}

extension RedisError.Code {
    /// Returns whether an error is a ``RedisError`` with this code.
    ///
    /// The operator `~=` enables patterns such as `catch RedisError.Code.overloaded`.
    ///
    /// - Parameters:
    ///   - code: The code.
    ///   - error: Any error.
    /// - Returns: `true` if the error is a ``RedisError`` with the code.
    public static func ~= (code: Self, error: any Error) -> Bool {
        (error as? RedisError)?.code == code
    }
}
