// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import NIOCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The routes for the role credential of an ECS instance: the metadata service and the credentials URI.
struct MetadataRoutes: Sendable {
    private static let tokenHeader = HTTPField.Name("x-aliyun-ecs-metadata-token")
    private static let lifetimeHeader = HTTPField.Name("x-aliyun-ecs-metadata-token-ttl-seconds")
    /// The lifetime of a credential in seconds.
    private static let lifetime: TimeInterval = 3600

    let accessKeys: AccessKeys
    let role: RAMRole
    /// Whether requests without a token are accepted, as in the first version of the metadata service (IMDSv1).
    let allowsFirstVersion: Bool
    let now: @Sendable () -> Date
    private let tokens = MetadataToken()

    func add<Context: RequestContext>(to group: RouterGroup<Context>) {
        group.put("latest/api/token") { request, _ in
            let lifetime = Self.lifetimeHeader.flatMap { request.headers[$0] }.flatMap { Int($0) }
            guard let lifetime, (1...MetadataToken.maximumLifetime).contains(lifetime) else {
                return Self.text("Bad Request", .badRequest)
            }
            return Self.text(self.tokens.make(until: self.now().addingTimeInterval(TimeInterval(lifetime))))
        }
        group.get("latest/meta-data/ram/security-credentials") { request, _ in
            guard self.isAllowed(request) else { return Self.text("Forbidden", .forbidden) }
            return Self.text(self.role.name)
        }
        group.get("latest/meta-data/ram/security-credentials/:role") { request, context in
            guard self.isAllowed(request) else { return Self.text("Forbidden", .forbidden) }
            guard context.parameters.get("role") == self.role.name else { return Self.text("Not Found", .notFound) }
            return self.credential()
        }
        group.get("credentials") { _, _ in self.credential() }
    }

    private func isAllowed(_ request: Request) -> Bool {
        guard let token = Self.tokenHeader.flatMap({ request.headers[$0] }) else { return self.allowsFirstVersion }
        return self.tokens.isValid(token, at: self.now())
    }

    private func credential() -> Response {
        let now = self.now()
        let key = self.accessKeys.issue(self.role, session: "i-emulated", for: Self.lifetime, at: now)
        return Response(status: .ok, json: CredentialResponse(key, updatedAt: now))
    }

    private static func text(_ text: String, _ status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status,
            headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: text))
        )
    }
}
