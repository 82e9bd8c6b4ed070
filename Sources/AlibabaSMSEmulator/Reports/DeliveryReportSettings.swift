// SPDX-License-Identifier: Apache-2.0

/// The settings for pushing delivery reports.
public struct DeliveryReportSettings: Sendable, Hashable {
    /// The URL of the receiver.
    ///
    /// The host must be loopback unless ``allowsOtherHosts`` is set.
    public var url: String

    /// The delay before each retry of an unacknowledged push.
    public var retryDelays: [Duration]

    /// Whether each acknowledged push is repeated once, to test the handling of duplicates.
    public var sendsDuplicates: Bool

    /// Whether the receiver may be on another host.
    ///
    /// Delivery reports contain phone numbers, so by default the receiver must be on loopback.
    public var allowsOtherHosts: Bool

    /// Creates settings.
    ///
    /// - Parameters:
    ///   - url: The URL of the receiver.
    ///   - retryDelays: The delay before each retry of an unacknowledged push.
    ///   - sendsDuplicates: Whether each acknowledged push is repeated once.
    ///   - allowsOtherHosts: Whether the receiver may be on another host.
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
