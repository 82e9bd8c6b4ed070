// SPDX-License-Identifier: Apache-2.0

/// The delivery state of a message, as queried from the gateway.
public struct DeliveryState: Sendable, Hashable {
    /// A kind of delivery state.
    public struct Kind: Sendable, Hashable, CustomStringConvertible {
        private enum Value: String { case delivered, failed, pending, unavailable }

        private let value: Value

        /// The name of the kind, which can serve as a metric label.
        public var description: String { self.value.rawValue }

        /// The message reached the phone.
        public static let delivered = Self(value: .delivered)

        /// The message will not reach the phone.
        public static let failed = Self(value: .failed)

        /// The polling ended before the delivery was final, or before the gateway knew the message.
        public static let pending = Self(value: .pending)

        /// The gateway could not be queried.
        public static let unavailable = Self(value: .unavailable)
    }

    /// The kind of the delivery state.
    public var kind: Kind

    /// The gateway's last response; `nil` if the gateway did not know the message or could not be queried.
    public var response: QueryMessage.Response?

    /// The reason why the gateway could not be queried; `nil` unless the kind is ``Kind/unavailable``.
    public var error: AlibabaSMSError?

    /// Creates a delivery state.
    ///
    /// - Parameters:
    ///   - kind: The kind of the delivery state.
    ///   - response: The gateway's last response.
    ///   - error: The reason why the gateway could not be queried.
    public init(_ kind: Kind, response: QueryMessage.Response? = nil, error: AlibabaSMSError? = nil) {
        self.kind = kind
        self.response = response
        self.error = error
    }
}
