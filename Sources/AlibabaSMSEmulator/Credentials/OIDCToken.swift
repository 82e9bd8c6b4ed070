// SPDX-License-Identifier: Apache-2.0

import StrictJSON
import TextFormats

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The claims of a token from an identity provider.
///
/// The signature is not verified.
struct OIDCToken: Sendable {
    /// The claims that the emulator reads.
    private struct Claims: Decodable {
        var iss: String?
        var sub: String?
        var aud: Audience?
        var exp: Double?
    }

    /// The audience claim, which is one string or a list.
    private enum Audience: Decodable {
        case list([String])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let one = try? container.decode(String.self) {
                self = .list([one])
            } else {
                self = .list(try container.decode([String].self))
            }
        }
    }

    let issuer: String
    let subject: String
    let audience: String

    /// Parses a token, which has three base64url parts.
    ///
    /// The second part contains the claims.
    init(_ text: String, at now: Date) throws(GatewayError) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard
            parts.count == 3, parts.allSatisfy({ !$0.isEmpty }), Base64URL.decode(parts[0]) != nil,
            let claims = Base64URL.decode(parts[1]).flatMap({ Self.claims(Data($0)) })
        else {
            let message = "The OIDC token is not three parts in base64url with claims in the second."
            throw GatewayError(401, "AuthenticationFail.OIDCToken.Invalid", message)
        }
        guard let expiration = claims.exp, expiration > now.timeIntervalSince1970 else {
            throw GatewayError(401, "AuthenticationFail.OIDCToken.Expired", "The OIDC token is expired.")
        }
        self.issuer = claims.iss ?? ""
        self.subject = claims.sub ?? ""
        self.audience = if case .list(let names)? = claims.aud { names.joined(separator: ",") } else { "" }
    }

    private static func claims(_ json: Data) -> Claims? {
        try? JSON(parsing: json, rules: .externalFormat).decode(Claims.self)
    }
}
