public import FoundationEssentials

/// Tells the gateway the share of verification codes that were used, over all messages.
public struct ConversionData: AlibabaSMSAction, Hashable {
    /// What the gateway answers.
    public typealias Response = ConversionResponse

    /// The name on the wire.
    public static let name = "ConversionData"

    /// In the body, unlike all other actions.
    public static let placement = ParameterPlacement.body

    /// `true`: saying the same twice changes nothing.
    public static let isRepeatable = true

    /// The share, from 0 to 1; six places are sent.
    public var conversionRate: Double

    /// When the share was taken; `nil` is the time of the call.
    public var reportTime: Date?

    /// Creates a request.
    ///
    /// - Parameters:
    ///   - conversionRate: The share, from 0 to 1.
    ///   - reportTime: When the share was taken.
    public init(conversionRate: Double, reportTime: Date? = nil) {
        self.conversionRate = conversionRate
        self.reportTime = reportTime
    }

    /// The parameters on the wire.
    public var parameters: [RequestParameter] {
        [RequestParameter](
            [("ConversionRate", Self.decimal(self.conversionRate))],
            optional: [("ReportTime", self.reportTime?.wireMilliseconds)]
        )
    }

    /// Checks the fields before anything is sent.
    ///
    /// - Parameter configuration: Not used.
    /// - Throws: An error that names the field at fault and not its value.
    public func validate(with configuration: AlibabaSMSConfiguration) throws(AlibabaSMSError) {
        try Self.require((0...1).contains(self.conversionRate), "conversionRate", "must be 0 to 1")
        if let time = self.reportTime {
            try Self.require(time.isOnWire, "reportTime", "must lie in the years 1970 to 9999")
        }
    }

    /// A number from 0 to 1 as a decimal text, which a `Double` of itself writes with an exponent if it is small.
    private static func decimal(_ rate: Double) -> String {
        let millionths = Int64((min(max(rate, 0), 1) * 1_000_000).rounded())
        guard millionths % 1_000_000 != 0 else { return "\(millionths / 1_000_000)" }
        var places = String(repeating: "0", count: 6 - "\(millionths)".count) + "\(millionths)"
        while places.last == "0" { places.removeLast() }
        return "0.\(places)"
    }
}
