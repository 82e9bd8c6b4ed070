// SPDX-License-Identifier: Apache-2.0

/// An error of a Redis command.
///
/// Handle errors by their ``code``, which shows whether the command may have run. An error never contains a password, a user
/// name or an argument of the command.
public struct RedisError: Error, Sendable, CustomStringConvertible {
    /// The kind of the failure.
    public var code: Code

    /// An explanation for people, with the address of the server and, if possible, a remedy.
    public var message: String

    /// The first word of the server's error reply, such as `OOM`, `READONLY` or `ERR`; `nil` if there was no error reply.
    public var serverErrorKind: String?

    /// The underlying error; `nil` if there is no underlying error.
    public var cause: (any Error)?

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - code: The kind of the failure.
    ///   - message: An explanation for people.
    ///   - serverErrorKind: The first word of the server's error reply; `nil` if there was no error reply.
    ///   - cause: The underlying error; `nil` if there is no underlying error.
    public init(code: Code, message: String, serverErrorKind: String? = nil, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.serverErrorKind = serverErrorKind
        self.cause = cause
    }

    /// A text with the code, the message and any cause, in one line.
    public var description: String {
        let cause = self.cause.map { " (\($0))" } ?? ""
        return "\(self.code): \(self.message)\(cause)"
    }
}

extension RedisError: Equatable {
    /// Returns whether two errors have the same code.
    ///
    /// Messages, error replies and causes are not compared.
    public static func == (first: Self, second: Self) -> Bool {
        first.code == second.code
    }
}

extension RedisError {
    static var clientClosed: Self { Self(code: .clientClosed, message: "the client was shut down") }
    static var eventLoopEnded: Self {
        Self(code: .clientClosed, message: "the event loops of the client were shut down")
    }
    static var outOfMemory: Self { Self(code: .connectionFailed, message: "out of memory") }
    static var cancelled: Self { Self(code: .cancelled, message: "the caller's task was cancelled") }
    static var overloaded: Self {
        Self(code: .overloaded, message: "too many commands or bytes are in flight: retry later, or raise the limits")
    }
}
