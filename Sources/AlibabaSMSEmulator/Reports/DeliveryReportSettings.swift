// SPDX-License-Identifier: Apache-2.0

/// The settings for pushing delivery reports.
public struct DeliveryReportSettings: Sendable, Hashable {
    /// The URL of the receiver.
    ///
    /// The host must be loopback unless ``allowsOtherHosts`` is set.
    public var url: String

    /// The delays before the retries of an unacknowledged push, one for each retry.
    public var retryDelays: [Duration]

    /// Whether each acknowledged push is repeated once, to test the handling of duplicates.
    public var sendsDuplicates: Bool

    /// Whether the receiver may be on a host other than loopback.
    ///
    /// Delivery reports contain phone numbers, so by default the receiver must be on loopback.
    public var allowsOtherHosts: Bool

    /// Creates settings.
    ///
    /// - Parameters:
    ///   - url: The URL of the receiver.
    ///   - retryDelays: The delays before the retries of an unacknowledged push, one for each retry.
    ///   - sendsDuplicates: Whether each acknowledged push is repeated once.
    ///   - allowsOtherHosts: Whether the receiver may be on a host other than loopback.
    public init(
        url: String,
        retryDelays: [Duration] = [.seconds(60), .seconds(300)],
        sendsDuplicates: Bool = false,
        allowsOtherHosts: Bool = false
    ) {
        self.url = url
        self.retryDelays = retryDelays
        self.sendsDuplicates = sendsDuplicates
        self.allowsOtherHosts = allowsOtherHosts
    }
}
