// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import HTTPTypes
import Hummingbird

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A parsed but not yet authenticated request to the gateway.
struct GatewayCall: Sendable {
    /// The signature method of a request.
    enum Scheme: Sendable {
        /// The V3 signature (`ACS3-HMAC-SHA256`), which covers headers, parameters and the body digest.
        ///
        /// The header `Authorization` contains the signature.
        case v3(AuthorizationHeader)
        /// The RPC signature (`HMAC-SHA1`), which covers all parameters except the signature.
        ///
        /// The parameter `Signature` contains the signature.
        case rpc
    }

    let method: String
    let path: String
    /// The length of the path and the query in bytes.
    let targetLength: Int
    /// The query as received, without the question mark.
    let rawQuery: String?
    let query: [RequestParameter]
    /// The parameters from the query and from a form body.
    let parameters: [RequestParameter]
    /// Whether the query or the form contains an invalid percent-encoding.
    let isMalformed: Bool
    let authority: String
    let headers: HTTPFields
    let body: [UInt8]

    /// The signature method, set by the authorization check.
    var scheme: Scheme?
    /// The AccessKey, set by the AccessKey check.
    var accessKey: AccessKey?
    /// Whether the gateway accepts the request without authentication.
    ///
    /// Such a request may name its action in a header or in a parameter.
    var skipsAuthentication = false
    /// The time for validating the date and the nonce; `nil` uses the emulator's clock.
    var validationDate: Date?
    /// The error that a fault rule injects after authentication.
    var injectedError: GatewayError?

    init(method: String, target: String, authority: String, headers: HTTPFields, body: [UInt8]) {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        self.method = method
        self.path = String(parts.first ?? "/")
        self.targetLength = target.utf8.count
        self.authority = authority
        self.headers = headers
        self.body = body

        self.rawQuery = parts.count == 2 ? String(parts[1]) : nil
        let query = [RequestParameter](form: parts.count == 2 ? parts[1] : "")
        let contentType = headers[.contentType]?.lowercased() ?? ""
        let form =
            contentType.hasPrefix("application/x-www-form-urlencoded")
            ? String(validating: body, as: UTF8.self).flatMap { [RequestParameter](form: $0) } : []
        self.query = query ?? []
        self.parameters = (query ?? []) + (form ?? [])
        self.isMalformed = query == nil || form == nil
    }

    init(_ request: Request, body: [UInt8]) {
        self.init(
            method: request.method.rawValue,
            target: request.head.path ?? "/",
            authority: request.head.authority ?? "",
            headers: request.headers,
            body: body
        )
    }

    /// Returns the value of a header, or `nil` if the header is missing.
    func header(_ name: String) -> String? {
        if name.lowercased() == "host" { return self.authority }
        return HTTPField.Name(name).flatMap { self.headers[$0] }
    }

    /// Returns the value of the first parameter with a name.
    func parameter(_ name: String) -> String? {
        self.parameters.first { $0.name == name }?.value
    }

    /// Whether the request uses the RPC style.
    ///
    /// Such a request has no `Authorization` header. It has an RPC signature, or names its action in a parameter instead of a
    /// header.
    var isRPC: Bool {
        guard self.header("authorization") == nil else { return false }
        return self.parameter("Signature") != nil
            || (self.header("x-acs-action") == nil && self.parameter("Action") != nil)
    }

    /// Returns a value from a header, or from a parameter if the request uses the RPC style.
    ///
    /// If the gateway skips authentication, the value may be in either place.
    func signedValue(header: String, parameter: String) -> String? {
        if self.skipsAuthentication { return self.header(header) ?? self.parameter(parameter) }
        return self.isRPC ? self.parameter(parameter) : self.header(header)
    }

    var action: String? { self.signedValue(header: "x-acs-action", parameter: "Action") }

    var version: String? { self.signedValue(header: "x-acs-version", parameter: "Version") }

    var date: String? { self.signedValue(header: "x-acs-date", parameter: "Timestamp") }

    var nonce: String? { self.signedValue(header: "x-acs-signature-nonce", parameter: "SignatureNonce") }

    var securityToken: String? { self.signedValue(header: "x-acs-security-token", parameter: "SecurityToken") }

    var accessKeyID: String? {
        if case .v3(let header) = self.scheme { return header.accessKeyID }
        return self.parameter("AccessKeyId")
    }
}

/// An `Authorization` header of the V3 signature.
struct AuthorizationHeader: Sendable, Hashable {
    let accessKeyID: String
    let signedHeaders: [String]
    let signature: String

    /// Parses a header.
    ///
    /// A signature of the wrong length is accepted here, so that the diagnosis can explain the mistake later.
    ///
    /// - Returns: `nil` if the header is not a valid list of algorithm, credential, header names and signature.
    init?(_ text: String) {
        let words = text.split(separator: " ", maxSplits: 1)
        guard words.count == 2, words[0] == CanonicalRequest.algorithm else { return nil }
        var fields: [String: String] = [:]
        for field in words[1].split(separator: ",", omittingEmptySubsequences: false) {
            let pair = field.split(separator: "=", maxSplits: 1)
            guard pair.count == 2 else { return nil }
            let name = pair[0].drop { $0 == " " }
            guard fields.updateValue(String(pair[1]), forKey: String(name)) == nil else { return nil }
        }
        guard
            fields.count == 3, let accessKeyID = fields["Credential"], let names = fields["SignedHeaders"],
            let signature = fields["Signature"], (28...88).contains(signature.utf8.count)
        else { return nil }
        self.accessKeyID = accessKeyID
        self.signedHeaders = names.split(separator: ";").map(String.init)
        self.signature = signature
    }
}
