// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOHTTP1

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A signed HTTP request with the credential that signed it.
///
/// A call stores its last signed request, and can repeat this request byte for byte.
struct SignedRequest: Sendable {
    let http: HTTPClientRequest
    let credential: AlibabaCredential

    /// Signs an action.
    ///
    /// - Parameters:
    ///   - action: The action.
    ///   - endpoint: The endpoint of the gateway.
    ///   - credential: The credential that signs the request.
    ///   - date: The time of the request.
    ///   - nonce: A text that is unique to the request.
    init(
        _ action: some AlibabaSMSAction,
        to endpoint: Endpoint,
        credential: AlibabaCredential,
        date: Date,
        nonce: String
    ) {
        let request = RequestSigner.Request(action, host: endpoint.host)
        let signed = RequestSigner(credential: credential).sign(request, date: date, nonce: nonce)
        self.http = HTTPClientRequest(
            origin: endpoint.origin,
            // The URL contains the same text as the signed query, so the signature always matches the URL.
            query: signed.canonical.query,
            headers: signed.headers,
            body: request.body
        )
        self.credential = credential
    }
}

extension RequestSigner.Request {
    /// The maximum length of a query in bytes.
    ///
    /// Common servers limit the first line of a request to 8 KiB. The gateway's limit is not documented.
    static let maximumQueryLength = 7000

    /// Encodes an action.
    ///
    /// By default, the parameters are in the URL. If the action requires parameters in the body, or if the URL would be too
    /// long, the parameters are in the body.
    init(_ action: some AlibabaSMSAction, host: String) {
        let parameters = action.parameters
        let fits = type(of: action).placement == .query && parameters.canonicalLength <= Self.maximumQueryLength
        self.init(
            host: host,
            action: type(of: action).name,
            query: fits ? parameters : [],
            contentType: fits ? nil : "application/x-www-form-urlencoded",
            body: fits ? [] : Array(parameters.canonicalQuery.utf8)
        )
    }
}

extension HTTPClientRequest {
    fileprivate init(origin: String, query: String, headers: [(name: String, value: String)], body: [UInt8]) {
        self.init(url: query.isEmpty ? "\(origin)/" : "\(origin)/?\(query)")
        self.method = .POST
        self.headers = HTTPHeaders(headers.map { ($0.name, $0.value) })
        self.headers.add(name: "accept", value: "application/json")
        if !body.isEmpty { self.body = .bytes(body) }
    }
}
