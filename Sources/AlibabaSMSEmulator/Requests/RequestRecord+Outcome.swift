// SPDX-License-Identifier: Apache-2.0

extension RequestRecord {
    /// The outcome of a request.
    ///
    /// Later versions of the emulator may return other outcomes.
    public struct Outcome: RawRepresentable, Codable, Sendable, Hashable, CustomStringConvertible {
        /// The name of the outcome in the REST API.
        public let rawValue: String

        /// Creates an outcome.
        ///
        /// - Parameter rawValue: The name of the outcome in the REST API.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The gateway has not responded yet.
        public static let pending = Self(rawValue: "pending")
        /// The service performed the action.
        public static let accepted = Self(rawValue: "accepted")
        /// The gateway or the service rejected the request.
        public static let rejected = Self(rawValue: "rejected")
        /// The connection was closed before the response was complete.
        public static let noResponse = Self(rawValue: "noResponse")

        /// The name of the outcome in the REST API.
        public var description: String { self.rawValue }
    }
}
