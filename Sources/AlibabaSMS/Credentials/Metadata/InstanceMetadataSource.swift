import AsyncHTTPClient
import FoundationEssentials
import NIOHTTP1

/// The credential of the RAM role of an ECS instance, from the metadata service of the instance.
///
/// The second version of the service gives out a token first. If that cannot be had, or is of no use, the first version
/// without one is tried, unless that is disabled.
struct InstanceMetadataSource: CredentialSource {
    private static let service = "the metadata service"
    private static let tokenLifetime = 21_600
    private static let path = "/latest/meta-data/ram/security-credentials/"

    private let roleName: String?
    private let allowsFirstVersion: Bool
    private let endpoint: Endpoint
    private let timeout: Duration
    private let httpClient: AlibabaHTTPClient

    /// Creates a source.
    ///
    /// - Parameters:
    ///   - roleName: The role; without one, the service is asked for it.
    ///   - allowsFirstVersion: Whether the first version of the service may be used.
    ///   - endpoint: The URL of the service.
    ///   - timeout: The longest that one request may take.
    ///   - httpClient: The HTTP client.
    /// - Throws: An error that names what cannot be used.
    init(
        roleName: String?,
        allowsFirstVersion: Bool,
        endpoint: String,
        timeout: Duration,
        httpClient: AlibabaHTTPClient
    ) throws(AlibabaSMSError) {
        self.roleName = try roleName.flatMap { $0.isEmpty ? nil : $0 }.map(Self.checked)
        self.allowsFirstVersion = allowsFirstVersion
        self.endpoint = try Endpoint(endpoint, field: "metadataEndpoint", allowsPlaintext: true)
        self.timeout = timeout
        self.httpClient = httpClient
    }

    func fetch() async throws(AlibabaSMSError) -> AlibabaCredential {
        let token = try await self.token()
        let role: String
        if let roleName = self.roleName {
            role = roleName
        } else {
            let list = try await self.get(Self.path, token: token)
            guard let first = list.text.split(whereSeparator: \.isWhitespace).first else {
                throw .unavailable("role", "no RAM role is attached to the instance")
            }
            role = try Self.checked(String(first))
        }
        let answer = try await self.get(Self.path + role, token: token)
        guard let fields = answer.decode(TemporaryCredentialFields.self), fields.code == "Success" else {
            throw .unavailable("credentials", "the answer of \(Self.service) holds no credential")
        }
        return try fields.credential(from: Self.service)
    }

    /// The token of the second version, or `nil` if the first one is to be used.
    private func token() async throws(AlibabaSMSError) -> String? {
        do throws(AlibabaSMSError) {
            let headers: HTTPHeaders = ["x-aliyun-ecs-metadata-token-ttl-seconds": "\(Self.tokenLifetime)"]
            let token = try await self.request(.PUT, "/latest/api/token", headers).text
            let isHeaderValue = !token.isEmpty && token.utf8.allSatisfy { (0x21...0x7E).contains($0) }
            guard isHeaderValue else { throw .unavailable("token", "the token of \(Self.service) cannot be used") }
            return token
        } catch {
            guard self.allowsFirstVersion else { throw error }
            return nil
        }
    }

    private func get(_ path: String, token: String?) async throws(AlibabaSMSError) -> GatewayResponse {
        guard let token else { return try await self.request(.GET, path, [:]) }
        do throws(AlibabaSMSError) {
            return try await self.request(.GET, path, ["x-aliyun-ecs-metadata-token": token])
        } catch {
            guard self.allowsFirstVersion, let answer = try? await self.request(.GET, path, [:]) else { throw error }
            return answer
        }
    }

    private func request(
        _ method: HTTPMethod,
        _ path: String,
        _ headers: HTTPHeaders
    ) async throws(AlibabaSMSError) -> GatewayResponse {
        var request = HTTPClientRequest(url: self.endpoint.origin + path)
        request.method = method
        request.headers = headers
        let answer = try await self.httpClient.ask(Self.service, request, timeout: self.timeout, isDirect: true)
        guard answer.status == 200 else { throw answer.refusal(of: Self.service) }
        return answer
    }

    /// The name of a role if it is one, since it becomes a part of a URL.
    private static func checked(_ name: String) throws(AlibabaSMSError) -> String {
        let allowed = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_".utf8)
        guard (1...64).contains(name.utf8.count), name.utf8.allSatisfy(allowed.contains), name.first != "." else {
            throw .unavailable("role", "the name of the RAM role holds a character that no role has")
        }
        return name
    }
}

extension GatewayResponse {
    /// The body as text without white space around it, or an empty text if it is none.
    fileprivate var text: String {
        let text = String(validating: self.body, as: UTF8.self) ?? ""
        return text.split(whereSeparator: \.isWhitespace).joined(separator: "\n")
    }
}
