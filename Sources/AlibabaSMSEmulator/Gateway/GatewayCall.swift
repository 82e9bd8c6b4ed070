import AlibabaSMS
import FoundationEssentials
import HTTPTypes
import Hummingbird

/// One request to the gateway, taken apart but not yet believed.
struct GatewayCall: Sendable {
    /// How the request proves who sent it.
    enum Scheme: Sendable {
        /// The third method: a header over headers, parameters and the digest of the body.
        case v3(AuthorizationHeader)
        /// The older method: a parameter over all other parameters.
        case rpc
    }

    let method: String
    let path: String
    /// The length of path and query in bytes.
    let targetLength: Int
    /// The query as it was written, without its question mark.
    let rawQuery: String?
    let query: [RequestParameter]
    /// The parameters of the query and of a form in the body.
    let parameters: [RequestParameter]
    /// Whether query or form hold an escape that cannot be decoded.
    let isMalformed: Bool
    let authority: String
    let headers: HTTPFields
    let body: [UInt8]

    /// What the check of the authorization found.
    var scheme: Scheme?
    /// What the check of the AccessKey found.
    var accessKey: AccessKey?
    /// Whether the request is taken without any proof, and so may name its action anywhere.
    var skipsAuthentication = false
    /// The time by which the date of the request is judged, if it is not that of the emulator.
    var validationDate: Date?
    /// The refusal that a rule has planned for the request, once it is known who asks.
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

    /// The value of a header, or `nil` if it is not there.
    func header(_ name: String) -> String? {
        if name.lowercased() == "host" { return self.authority }
        return HTTPField.Name(name).flatMap { self.headers[$0] }
    }

    /// The value of the first parameter with a name.
    func parameter(_ name: String) -> String? {
        self.parameters.first { $0.name == name }?.value
    }

    /// Whether the request proves itself by the older method, which signs no headers, or would have to.
    var isRPC: Bool {
        guard self.header("authorization") == nil else { return false }
        return self.parameter("Signature") != nil
            || (self.header("x-acs-action") == nil && self.parameter("Action") != nil)
    }

    /// A value that the third method carries in a header and the older one in a parameter.
    ///
    /// It is read only where its method signs it.
    func envelope(header: String, parameter: String) -> String? {
        if self.skipsAuthentication { return self.header(header) ?? self.parameter(parameter) }
        return self.isRPC ? self.parameter(parameter) : self.header(header)
    }

    var action: String? { self.envelope(header: "x-acs-action", parameter: "Action") }

    var version: String? { self.envelope(header: "x-acs-version", parameter: "Version") }

    var date: String? { self.envelope(header: "x-acs-date", parameter: "Timestamp") }

    var nonce: String? { self.envelope(header: "x-acs-signature-nonce", parameter: "SignatureNonce") }

    var securityToken: String? { self.envelope(header: "x-acs-security-token", parameter: "SecurityToken") }

    var accessKeyID: String? {
        if case .v3(let header) = self.scheme { return header.accessKeyID }
        return self.parameter("AccessKeyId")
    }
}

/// An `Authorization` header of the third method.
struct AuthorizationHeader: Sendable, Hashable {
    let accessKeyID: String
    let signedHeaders: [String]
    let signature: String

    /// Reads a header.
    ///
    /// - Returns: `nil` if it is not exactly algorithm, credential, header names and a signature, which may be of another
    ///   length than the right one: it is then told why.
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
