/// Where Alibaba runs the service, and under which names it can be reached.
///
/// There is no fall-back from a region to another: one that is not here has to be named by its endpoint.
public struct AlibabaSMSRegion: Sendable, Hashable {
    /// The identifier of the region.
    public let id: String

    /// The URL in the Internet.
    public let endpoint: String

    /// The URL in the region's own network, if there is one.
    public let internalEndpoint: String?

    private init(_ id: String, _ host: String, internal internalHost: String?) {
        self.id = id
        self.endpoint = "https://\(host)"
        self.internalEndpoint = internalHost.map { "https://\($0)" }
    }

    /// Singapore, the default.
    public static let singapore = Self(
        "ap-southeast-1",
        "dysmsapi.ap-southeast-1.aliyuncs.com",
        internal: "dysmsapi-xman.vpc-proxy.aliyuncs.com"
    )

    /// Jakarta.
    public static let jakarta = Self(
        "ap-southeast-5",
        "dysmsapi.ap-southeast-5.aliyuncs.com",
        internal: "dysmsapi-xman-vpc.ap-southeast-5.aliyuncs.com"
    )

    /// Frankfurt.
    public static let frankfurt = Self(
        "eu-central-1",
        "dysmsapi.eu-central-1.aliyuncs.com",
        internal: "dysmsapi-xman-vpc.eu-central-1.aliyuncs.com"
    )

    /// Virginia; its public name is in the official SDKs and not in the documents.
    public static let virginia = Self(
        "us-east-1",
        "dysmsapi.us-east-1.aliyuncs.com",
        internal: "dysmsapi-xman-vpc.us-east-1.aliyuncs.com"
    )

    /// Hong Kong, under the name of the official SDKs; the documents name the mainland's host.
    public static let hongKong = Self(
        "cn-hongkong",
        "dysmsapi-xman.cn-hongkong.aliyuncs.com",
        internal: "dysmsapi-xman.vpc-proxy.aliyuncs.com"
    )

    /// The mainland's service, which needs a mainland account and is never chosen unless it is named.
    public static let mainlandChina = Self("cn-hangzhou", "dysmsapi.aliyuncs.com", internal: nil)

    /// All regions.
    public static let all: [Self] = [.singapore, .jakarta, .frankfurt, .virginia, .hongKong, .mainlandChina]

    /// Finds a region; `nil` if the service is not known to run there.
    ///
    /// - Parameter id: The identifier, such as `ap-southeast-1`.
    public init?(id: String) {
        guard let region = Self.all.first(where: { $0.id == id }) else { return nil }
        self = region
    }
}
