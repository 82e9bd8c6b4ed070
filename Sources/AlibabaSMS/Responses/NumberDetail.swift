/// Where a number belongs, as the gateway sees it.
public struct NumberDetail: Sendable, Hashable {
    /// The country.
    public var country: String?
    /// The region.
    public var region: String?
    /// The carrier.
    public var carrier: String?
    /// The fields that are not known here.
    public var otherFields: [String: JSONValue]

    init(_ fields: ResponseFields) {
        var fields = fields
        self.country = fields.takeText("Country")
        self.region = fields.takeText("Region")
        self.carrier = fields.takeText("Carrier")
        self.otherFields = fields.values
    }
}
