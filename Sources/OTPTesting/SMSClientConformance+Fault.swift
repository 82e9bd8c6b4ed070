// SPDX-License-Identifier: Apache-2.0

extension SMSClientConformance {
    /// A fault that a test gateway simulates.
    ///
    /// After some faults, the client cannot know whether the gateway accepted the message. These faults allow the outcome
    /// `unknown`.
    public struct Fault: Sendable, Hashable, CustomStringConvertible {
        /// A description of the fault.
        public let description: String

        /// The names of the outcomes that a client may report.
        let allowedOutcomes: [String]

        private init(_ description: String, _ allowedOutcomes: String...) {
            self.description = description
            self.allowedOutcomes = allowedOutcomes
        }

        /// The gateway accepts the message and responds normally.
        public static let none = Self("no fault", "accepted")

        /// No connection to the gateway can be established, for example because its port is closed.
        ///
        /// Nothing was written, so the outcome must be `rejected`.
        public static let unreachable = Self("unreachable gateway", "rejected")

        /// The gateway rejects the message permanently, for example because the phone number is invalid.
        public static let rejected = Self("rejection", "rejected")

        /// The gateway reads the request, and closes the connection without accepting the message.
        ///
        /// The client cannot distinguish this fault from ``acceptedAndClosed``. The outcome must therefore be `unknown`, or
        /// `accepted` if the client repeats the request idempotently.
        public static let closed = Self("closed connection", "unknown", "accepted")

        /// The gateway accepts the message, and closes the connection without a response.
        public static let acceptedAndClosed = Self("accepted, then closed connection", "unknown", "accepted")

        /// The gateway reads the request, but neither accepts the message nor responds.
        public static let withoutResponse = Self("no response", "unknown")

        /// The gateway accepts the message, but does not respond.
        public static let acceptedWithoutResponse = Self("accepted, then no response", "unknown")

        /// A proxy in front of the gateway responds with HTTP status 502, and the gateway does not accept the message.
        public static let badGateway = Self("HTTP status 502", "unknown", "accepted")

        /// The gateway accepts the message, but a proxy in front of the gateway responds with HTTP status 502.
        public static let acceptedAndBadGateway = Self("accepted, then HTTP status 502", "unknown", "accepted")

        /// The gateway accepts the message, and responds with HTTP status 200 and an unreadable body.
        public static let acceptedAndUnreadable = Self("accepted, then unreadable response", "unknown", "accepted")

        /// All faults.
        public static let all: [Self] = [
            .none, .unreachable, .rejected, .closed, .acceptedAndClosed, .withoutResponse, .acceptedWithoutResponse,
            .badGateway, .acceptedAndBadGateway, .acceptedAndUnreadable,
        ]
    }
}
