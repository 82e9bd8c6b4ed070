// SPDX-License-Identifier: Apache-2.0

extension FailoverSMSClient {
    /// An SMS provider.
    public struct Provider: Sendable {
        /// The name of the provider, which can serve as a metric label.
        public let name: String

        /// The client that sends messages through the provider's gateway.
        public let client: any SMSClient

        /// Creates a provider.
        ///
        /// - Parameters:
        ///   - name: The name of the provider, which can serve as a metric label.
        ///   - client: The client that sends messages through the provider's gateway.
        public init(_ name: String, _ client: any SMSClient) {
            self.name = name
            self.client = client
        }
    }

    /// The rules that determine when a provider is skipped, and when another provider is tried.
    public struct Settings: Sendable, Hashable {
        /// The number of consecutive failures after which a provider is skipped in a region, at least 1.
        ///
        /// An unknown outcome counts as a failure. A rejection counts as a failure only if the account or the gateway is at
        /// fault.
        public var failuresToOpen: Int

        /// The time for which a provider is skipped before a single message probes it.
        public var openInterval: Duration

        /// The minimum time that must remain in a call before the client tries another provider.
        ///
        /// If less time remains until the deadline of the call, the call returns the last rejection.
        public var minimumTime: Duration

        /// Creates settings.
        ///
        /// - Parameters:
        ///   - failuresToOpen: The number of consecutive failures after which a provider is skipped in a region.
        ///   - openInterval: The time for which a provider is skipped before a single message probes it.
        ///   - minimumTime: The minimum time that must remain in a call before the client tries another provider.
        public init(
            failuresToOpen: Int = 5,
            openInterval: Duration = .seconds(30),
            minimumTime: Duration = .seconds(1)
        ) {
            self.failuresToOpen = failuresToOpen
            self.openInterval = openInterval
            self.minimumTime = minimumTime
        }
    }

    /// One attempt to send a message with a provider.
    public struct Attempt: Sendable, Hashable {
        /// The name of the provider.
        public let provider: String

        /// The region of the recipient; `nil` if the numbering plan assigns none.
        public let region: Region?

        /// The outcome of the attempt.
        public let outcome: SMSSendOutcome

        /// Creates an attempt.
        ///
        /// - Parameters:
        ///   - provider: The name of the provider.
        ///   - region: The region of the recipient.
        ///   - outcome: The outcome of the attempt.
        public init(provider: String, region: Region?, outcome: SMSSendOutcome) {
            self.provider = provider
            self.region = region
            self.outcome = outcome
        }
    }
}
