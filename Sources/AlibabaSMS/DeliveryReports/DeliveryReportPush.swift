// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// The delivery reports in one push, which is an HTTP request from the gateway.
public struct DeliveryReportPush: Sendable, Hashable {
    /// The maximum size of a push in bytes.
    public static let maximumSize = 1024 * 1024

    /// The maximum number of entries in a push.
    public static let maximumCount = 1000

    /// The reports, in the order of the push.
    public var reports: [DeliveryReport]

    /// The number of entries that are not valid reports.
    public var ignoredCount: Int

    /// Creates a push.
    ///
    /// - Parameters:
    ///   - reports: The reports, in the order of the push.
    ///   - ignoredCount: The number of entries that are not valid reports.
    public init(reports: [DeliveryReport], ignoredCount: Int = 0) {
        self.reports = reports
        self.ignoredCount = ignoredCount
    }

    /// Parses the body of a push, which is a JSON array.
    ///
    /// Entries that are not valid reports are skipped and counted.
    ///
    /// - Parameter body: The body of the request.
    /// - Throws: An ``AlibabaSMSError`` if the body is too large, has too many entries or is not a JSON array.
    public init(_ body: some Collection<UInt8>) throws(AlibabaSMSError) {
        guard body.count <= Self.maximumSize else { throw Self.error("is larger than 1 MiB") }
        guard let entries = (try? JSON(parsing: body, rules: .externalFormat))?.array else {
            throw Self.error("is not a JSON array")
        }
        guard entries.count <= Self.maximumCount else { throw Self.error("has more than 1,000 entries") }
        self.reports = entries.compactMap { ResponseFields($0).flatMap(DeliveryReport.init) }
        self.ignoredCount = entries.count - self.reports.count
    }

    private static func error(_ reason: String) -> AlibabaSMSError {
        AlibabaSMSError(.invalidReport, field: "body", message: "the body of the push \(reason)")
    }
}
