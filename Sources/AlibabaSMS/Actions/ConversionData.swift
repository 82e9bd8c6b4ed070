// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// An action that reports the conversion rate: the share of sent verification codes that were used.
public struct ConversionData: Sendable, Hashable {
    /// The type of the gateway's response to the action.
    public typealias Response = ConversionResponse

    /// The name of the action in requests.
    public static let name = "ConversionData"

    /// The share of used codes, from 0 to 1.
    ///
    /// The request contains the share with at most six decimal places.
    public var conversionRate: Double

    /// The time of the measurement; `nil` means the time of the call.
    public var reportTime: Date?

    /// Creates a report.
    ///
    /// - Parameters:
    ///   - conversionRate: The share of used codes, from 0 to 1.
    ///   - reportTime: The time of the measurement; `nil` means the time of the call.
    public init(conversionRate: Double, reportTime: Date? = nil) {
        self.conversionRate = conversionRate
        self.reportTime = reportTime
    }

    /// Returns a number from 0 to 1 as decimal text.
    ///
    /// `Double` itself would print small numbers with an exponent.
    private static func decimal(_ rate: Double) -> String {
        let millionths = Int64((min(max(rate, 0), 1) * 1_000_000).rounded())
        guard millionths % 1_000_000 != 0 else { return "\(millionths / 1_000_000)" }
        var places = String(repeating: "0", count: 6 - "\(millionths)".count) + "\(millionths)"
        while places.last == "0" { places.removeLast() }
        return "0.\(places)"
    }
}

extension ConversionData: AlibabaSMSAction {
    /// The body, as the gateway requires for this action.
    package static var placement: ParameterPlacement { .body }

    package static var isIdempotent: Bool { true }

    package var parameters: [RequestParameter] {
        [RequestParameter](
            [("ConversionRate", Self.decimal(self.conversionRate))],
            optional: [("ReportTime", self.reportTime?.wireMilliseconds)]
        )
    }

    package func validate(with configuration: AlibabaSMSConfiguration) throws(AlibabaSMSError) {
        try Self.require((0...1).contains(self.conversionRate), "conversionRate", "must be 0 to 1")
        if let time = self.reportTime {
            try Self.require(time.isOnWire, "reportTime", "must be between 1970 and 9999")
        }
    }
}
