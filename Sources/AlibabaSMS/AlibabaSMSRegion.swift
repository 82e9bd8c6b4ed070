// SPDX-License-Identifier: Apache-2.0

/// A region in which Alibaba runs the service, with its endpoints.
///
/// There is no fallback between regions. For a region that is not listed, set its endpoint.
public struct AlibabaSMSRegion: Sendable, Hashable {
    /// The region ID, such as `ap-southeast-1`.
    public let id: String

    /// The public URL.
    public let endpoint: String

    /// The URL inside the region's VPC network, if there is one.
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

    /// Virginia.
    ///
    /// The official SDKs contain its public host; the documents do not.
    public static let virginia = Self(
        "us-east-1",
        "dysmsapi.us-east-1.aliyuncs.com",
        internal: "dysmsapi-xman-vpc.us-east-1.aliyuncs.com"
    )

    /// Hong Kong, with the host of the official SDKs; the documents name the mainland's host.
    public static let hongKong = Self(
        "cn-hongkong",
        "dysmsapi-xman.cn-hongkong.aliyuncs.com",
        internal: "dysmsapi-xman.vpc-proxy.aliyuncs.com"
    )

    /// The mainland service, which needs a mainland account.
    ///
    /// It is used only if it is set explicitly.
    public static let mainlandChina = Self("cn-hangzhou", "dysmsapi.aliyuncs.com", internal: nil)

    /// All regions.
    public static let all: [Self] = [.singapore, .jakarta, .frankfurt, .virginia, .hongKong, .mainlandChina]

    /// Returns a region by its ID; `nil` if this version does not know it.
    ///
    /// - Parameter id: The region ID, such as `ap-southeast-1`.
    public init?(id: String) {
        guard let region = Self.all.first(where: { $0.id == id }) else { return nil }
        self = region
    }
}
