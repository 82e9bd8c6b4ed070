/// Where and how delivery reports are pushed.
public struct DeliveryReportSettings: Sendable, Hashable {
    /// The URL that they are posted to; its host must be this machine, unless `allowsOtherHosts` is set.
    public var url: String

    /// After which time a push that was not taken is repeated; one pause for each repetition.
    public var retryDelays: [Duration]

    /// Whether every push that was taken is made once more, as the real gateway may do.
    public var sendsDuplicates: Bool

    /// Whether the URL may be one of another machine: reports hold numbers.
    public var allowsOtherHosts: Bool

    /// Creates settings.
    ///
    /// - Parameters:
    ///   - url: The URL that they are posted to.
    ///   - retryDelays: After which time a push that was not taken is repeated.
    ///   - sendsDuplicates: Whether every push that was taken is made once more.
    ///   - allowsOtherHosts: Whether the URL may be one of another machine.
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
