// SPDX-License-Identifier: Apache-2.0

/// The delivery of a message as the gateway reports it on request.
public struct DeliveryState: Sendable, Hashable {
    /// A kind of delivery state.
    public struct Kind: Sendable, Hashable, CustomStringConvertible {
        private enum Value: String { case delivered, failed, pending, unavailable }

        private let value: Value

        /// The name of the kind, without dynamic values.
        public var description: String { self.value.rawValue }

        /// The message reached the phone.
        public static let delivered = Self(value: .delivered)

        /// The message will not reach the phone.
        public static let failed = Self(value: .failed)

        /// The message was still on its way, or not known to the gateway yet, when the timeout ended.
        public static let pending = Self(value: .pending)

        /// The gateway could not be queried.
        public static let unavailable = Self(value: .unavailable)
    }

    /// The kind of state.
    public var kind: Kind

    /// The gateway's last response, if it knew the message.
    public var response: QueryMessage.Response?

    /// The reason why the gateway could not be queried, if the kind is ``Kind/unavailable``.
    public var error: AlibabaSMSError?

    /// Creates a delivery state.
    ///
    /// - Parameters:
    ///   - kind: The kind of state.
    ///   - response: The gateway's last response.
    ///   - error: The reason why the gateway could not be queried.
    public init(_ kind: Kind, response: QueryMessage.Response? = nil, error: AlibabaSMSError? = nil) {
        self.kind = kind
        self.response = response
        self.error = error
    }
}
