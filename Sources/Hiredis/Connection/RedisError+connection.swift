// SPDX-License-Identifier: Apache-2.0

import NIOCore

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The errors of connections, with the name of the server in the message.
extension RedisError {
    /// Creates the error for a connection that could not be opened.
    static func unreachable(_ endpoint: RedisConfiguration.Endpoint, _ cause: any Error) -> Self {
        let message =
            switch endpoint.kind {
            case .tcp: "cannot connect to \(endpoint)"
            case .unixSocket: "cannot connect to the server's socket\(Self.reason(cause))"
            }
        return Self(code: .connectionFailed, message: message, cause: cause)
    }

    private static func reason(_ cause: any Error) -> String {
        switch (cause as? IOError)?.errnoCode {
        case ENOENT: ": it does not exist; is the server running?"
        case ECONNREFUSED: ": no server listens on it"
        case EACCES: ": permission denied; check the owner and the mode of the socket"
        case ENOTSOCK, EPROTOTYPE: ": it is not a stream socket"
        default: ""
        }
    }

    /// Creates the error for a command that was not written before its deadline.
    static func notWritten(to server: String) -> Self {
        Self(code: .connectionFailed, message: "the command was not written to \(server) within its timeout")
    }

    /// Creates the error for a connection that was lost before the command was written.
    static func lost(_ server: String, cause: (any Error)?) -> Self {
        Self(
            code: .connectionFailed,
            message: "the connection to \(server) was lost before the command was written",
            cause: cause
        )
    }

    /// Creates the error for a server that did not reply before the deadline.
    static func noReply(from server: String) -> Self {
        Self(code: .outcomeUnknown, message: "\(server) did not reply within the command timeout")
    }

    /// Creates the error for a connection that the server closed.
    static func closed(by server: String, hasReceived: Bool) -> Self {
        Self(
            code: .outcomeUnknown,
            message: "\(server) closed the connection before it replied\(Self.silenceHint(hasReceived))"
        )
    }

    /// Creates the error for a connection that failed.
    static func broken(_ server: String, hasReceived: Bool, explanation: String?, cause: any Error) -> Self {
        let message =
            explanation ?? "the connection to \(server) failed before it replied\(Self.silenceHint(hasReceived))"
        return Self(code: .outcomeUnknown, message: message, cause: cause)
    }

    /// Returns a hint about TLS if the server has sent no bytes, because a TLS mismatch is then likely.
    private static func silenceHint(_ hasReceived: Bool) -> String {
        hasReceived ? "" : "; it sent no bytes, so it may require TLS, or not support TLS"
    }

    /// Creates the error for a server that sent a TLS alert in response to a command.
    static func requiresTLS(_ server: String) -> Self {
        Self(code: .protocolViolation, message: "\(server) requires TLS: use rediss:// or set tls")
    }

    /// Creates the error for a reply that arrived while no command was in flight.
    static func unexpectedReply(from server: String) -> Self {
        Self(code: .protocolViolation, message: "\(server) sent a reply without a command")
    }

    /// Creates the error for a server that is no longer the primary.
    static func replaced(_ server: String, code: Code) -> Self {
        Self(code: code, message: "\(server) is no longer the primary")
    }
}
