import StrictJSON

/// The reports of one push.
public struct DeliveryReportPush: Sendable, Hashable {
    /// The most bytes of a push.
    public static let maximumSize = 1024 * 1024

    /// The most reports of a push.
    public static let maximumCount = 1000

    /// The reports, in their order.
    public var reports: [DeliveryReport]

    /// How many entries were no reports.
    public var ignoredCount: Int

    /// Reads the body of a push, a JSON array.
    ///
    /// An entry that is no report is passed over, so that it cannot hold up those beside it.
    ///
    /// - Parameter body: The body.
    /// - Throws: An ``AlibabaSMSError`` if it is too big, holds too many entries or is no JSON array.
    public init(_ body: some Collection<UInt8>) throws(AlibabaSMSError) {
        guard body.count <= Self.maximumSize else { throw Self.error("is bigger than a megabyte") }
        guard let entries = (try? JSON(parsing: body, rules: .externalFormat))?.array else {
            throw Self.error("is no JSON array")
        }
        guard entries.count <= Self.maximumCount else { throw Self.error("holds too many reports") }
        self.reports = entries.compactMap { ResponseFields($0).flatMap(DeliveryReport.init) }
        self.ignoredCount = entries.count - self.reports.count
    }

    private static func error(_ reason: String) -> AlibabaSMSError {
        AlibabaSMSError(.invalidReport, field: "body", message: "the body of the push \(reason)")
    }
}
