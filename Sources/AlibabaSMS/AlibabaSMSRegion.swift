// SPDX-License-Identifier: Apache-2.0

/// A region of Alibaba Cloud with its SMS endpoints.
///
/// The client never falls back to another region. To use a region that is not listed, set its endpoint in the configuration.
public struct AlibabaSMSRegion: Sendable, Hashable {
    /// The region ID, such as `ap-southeast-1`.
    public let id: String

    /// The URL for access over the Internet.
    public let endpoint: String

    /// The URL for access from within the region's VPC network; `nil` if the region has no such URL.
    public let internalEndpoint: String?

    private init(_ id: String, _ host: String, internal internalHost: String?) {
        self.id = id
        self.endpoint = "https://\(host)"
        self.internalEndpoint = internalHost.map { "https://\($0)" }
    }

    /// The region in Singapore, which is the default.
    public static let singapore = Self(
        "ap-southeast-1",
        "dysmsapi.ap-southeast-1.aliyuncs.com",
        internal: "dysmsapi-xman.vpc-proxy.aliyuncs.com"
    )

    /// The region in Jakarta.
    public static let jakarta = Self(
        "ap-southeast-5",
        "dysmsapi.ap-southeast-5.aliyuncs.com",
        internal: "dysmsapi-xman-vpc.ap-southeast-5.aliyuncs.com"
    )

    /// The region in Frankfurt.
    public static let frankfurt = Self(
        "eu-central-1",
        "dysmsapi.eu-central-1.aliyuncs.com",
        internal: "dysmsapi-xman-vpc.eu-central-1.aliyuncs.com"
    )

    /// The region in Virginia.
    ///
    /// The ``endpoint`` comes from Alibaba's SDKs, because Alibaba's documents do not list an endpoint for this region.
    public static let virginia = Self(
        "us-east-1",
        "dysmsapi.us-east-1.aliyuncs.com",
        internal: "dysmsapi-xman-vpc.us-east-1.aliyuncs.com"
    )

    /// The region in Hong Kong.
    ///
    /// The ``endpoint`` comes from Alibaba's SDKs. For this region, Alibaba's documents list the endpoint of mainland China
    /// instead.
    public static let hongKong = Self(
        "cn-hongkong",
        "dysmsapi-xman.cn-hongkong.aliyuncs.com",
        internal: "dysmsapi-xman.vpc-proxy.aliyuncs.com"
    )

    /// The region in mainland China, which requires a mainland account.
    ///
    /// The client uses this endpoint only if the configuration names the endpoint explicitly.
    public static let mainlandChina = Self("cn-hangzhou", "dysmsapi.aliyuncs.com", internal: nil)

    /// All regions.
    public static let all: [Self] = [.singapore, .jakarta, .frankfurt, .virginia, .hongKong, .mainlandChina]

    /// Creates the region with an ID, or returns `nil` if this version of the library does not know the region.
    ///
    /// - Parameter id: The region ID, such as `ap-southeast-1`.
    public init?(id: String) {
        guard let region = Self.all.first(where: { $0.id == id }) else { return nil }
        self = region
    }
}
