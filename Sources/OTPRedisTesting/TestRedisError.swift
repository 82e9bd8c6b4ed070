// SPDX-License-Identifier: Apache-2.0

import PrivateRedis

/// The reason why a server of ``withRedis(arguments:_:)`` did not start or did not stop.
public struct TestRedisError: Error, Sendable, CustomStringConvertible {
    /// The kind of a failure.
    ///
    /// Later versions may add kinds.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Base: String {
            case notInstalled
            case failed
        }

        private let base: Base

        private init(_ base: Base) {
            self.base = base
        }

        /// `PATH` contains no `redis-server`.
        ///
        /// Tests can be skipped after this error.
        public static var notInstalled: Self { .init(.notInstalled) }

        /// The server did not start, or did not stop.
        ///
        /// If the server did not start, the message contains the end of the server's log.
        public static var failed: Self { .init(.failed) }

        /// The name of the code.
        public var description: String { self.base.rawValue }
    }

    /// The kind of the failure.
    public var code: Code

    /// An explanation for people, with a remedy if possible.
    public var message: String

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - code: The kind of the failure.
    ///   - message: An explanation for people.
    public init(code: Code, message: String) {
        self.code = code
        self.message = message
    }

    init(_ error: PrivateRedisError) {
        self.init(code: error.isNotInstalled ? .notInstalled : .failed, message: error.description)
    }

    /// A text with the code and the message, in one line.
    public var description: String { "\(self.code): \(self.message)" }
}
