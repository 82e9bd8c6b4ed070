// SPDX-License-Identifier: Apache-2.0

import PrivateRedis

/// The reason why ``withRedis(arguments:_:)`` has no server.
public struct TestRedisError: Error, Sendable, CustomStringConvertible {
    /// The kinds of failure.
    ///
    /// A structure with static members, because the list may grow.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Base: String {
            case notInstalled
            case failed
        }

        private let base: Base

        private init(_ base: Base) {
            self.base = base
        }

        /// No `redis-server` is on `PATH`.
        ///
        /// A test can treat this as a reason to skip.
        public static var notInstalled: Self { .init(.notInstalled) }

        /// The server did not start or stop; the message contains the end of its log.
        public static var failed: Self { .init(.failed) }

        /// A short name without dynamic values.
        public var description: String { self.base.rawValue }
    }

    /// The kind of failure.
    public var code: Code

    /// What happened, and a remedy if there is one.
    public var message: String

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - code: The kind of failure.
    ///   - message: What happened.
    public init(code: Code, message: String) {
        self.code = code
        self.message = message
    }

    init(_ error: PrivateRedisError) {
        self.init(code: error.isNotInstalled ? .notInstalled : .failed, message: error.description)
    }

    /// The code and the message in one line.
    public var description: String { "\(self.code): \(self.message)" }
}
