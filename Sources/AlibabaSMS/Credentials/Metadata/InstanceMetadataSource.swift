// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOHTTP1
import TextFormats

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A source that fetches a credential from the metadata service of an ECS instance, a virtual machine of Alibaba Cloud.
///
/// The credential belongs to the RAM role that is attached to the instance.
///
/// Version 2 of the service requires a session token. If the token cannot be fetched or is rejected, the source falls back to
/// version 1, which requires no token. The fallback can be disabled.
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
    ///   - roleName: The name of the role; `nil` queries the service for the name.
    ///   - allowsFirstVersion: Whether version 1 of the service may be used.
    ///   - endpoint: The URL of the service.
    ///   - timeout: The timeout of one request.
    ///   - httpClient: The HTTP client.
    /// - Throws: An error that names the invalid setting.
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
        let response = try await self.get(Self.path + role, token: token)
        guard let fields = response.decode(TemporaryCredentialFields.self), fields.code == "Success" else {
            throw .unavailable("credentials", "the response of \(Self.service) contains no credential")
        }
        return try fields.credential(from: Self.service)
    }

    /// Fetches the session token for version 2 of the metadata service.
    ///
    /// Returns `nil` if the token cannot be fetched, but version 1 of the service, which requires no token, is allowed.
    private func token() async throws(AlibabaSMSError) -> String? {
        do throws(AlibabaSMSError) {
            let headers: HTTPHeaders = ["x-aliyun-ecs-metadata-token-ttl-seconds": "\(Self.tokenLifetime)"]
            let token = try await self.request(.PUT, "/latest/api/token", headers).text
            let isHeaderValue = !token.isEmpty && token.utf8.allSatisfy { (0x21...0x7E).contains($0) }
            guard isHeaderValue else { throw .unavailable("token", "the token of \(Self.service) is invalid") }
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
            guard self.allowsFirstVersion, let response = try? await self.request(.GET, path, [:]) else { throw error }
            return response
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
        let response = try await self.httpClient.fetch(Self.service, request, timeout: self.timeout, isDirect: true)
        guard response.status == 200 else { throw response.rejection(by: Self.service) }
        return response
    }

    /// Returns the name of a role, or throws an error if the name is malformed.
    ///
    /// The check is needed because the name becomes part of a URL.
    private static func checked(_ name: String) throws(AlibabaSMSError) -> String {
        let isPlain = name.utf8.allSatisfy { $0.isASCIIAlphanumeric || ".-_".utf8.contains($0) }
        guard (1...64).contains(name.utf8.count), isPlain, name.first != "." else {
            throw .unavailable("role", "the name of the RAM role contains an invalid character")
        }
        return name
    }
}

extension GatewayResponse {
    /// The body as text, with a line feed in place of each run of white space; empty if the body is not UTF-8.
    fileprivate var text: String {
        let text = String(validating: self.body, as: UTF8.self) ?? ""
        return text.split(whereSeparator: \.isWhitespace).joined(separator: "\n")
    }
}
