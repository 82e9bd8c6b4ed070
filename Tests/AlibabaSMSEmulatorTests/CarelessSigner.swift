// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import AlibabaSMSEmulator
import Crypto
import Foundation
import NIOHTTP1
import TextFormats

/// A signer with configurable mistakes, which shares no code with the emulator.
struct CarelessSigner {
    /// A text with all characters that libraries percent-encode in different ways.
    static let text = "Code 1+1=2 & 100% ~sure* (don't!) /a?b 482913"
    static let number = "6591234567"

    var id = "LTAI-test"
    var key = secret
    var method = "POST"
    var path = "/"
    var host: String?
    var encode: (String) -> String = CarelessSigner.encode()
    var sorts = true
    var parameters = [("To", number), ("Message", text), ("From", "swiftotp")]
    var query: String?
    var sentQuery: String?
    var asForm = false
    var lineEnd = "\n"
    var emptyLine = true
    var payload: String?
    var claimedDigest: String?
    var reversesHeaders = false
    var capitalises = false
    var algorithmLine: String? = "ACS3-HMAC-SHA256"
    var digests = true
    var usesSHA1 = false
    var output: (Data) -> String = CarelessSigner.hex
    var token: String?

    static func hex(_ data: some Sequence<UInt8>) -> String { data.map { String(format: "%02x", $0) }.joined() }

    /// Returns a percent-encoder that makes mistakes: some characters remain unencoded, or are encoded unnecessarily.
    static func encode(bare: String = "", without: String = "") -> (String) -> String {
        { text in
            var allowed = CharacterSet(
                charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~"
            )
            allowed.insert(charactersIn: bare)
            allowed.remove(charactersIn: without)
            return text.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
        }
    }

    /// Returns a request with a V3 signature.
    func v3(_ emulator: SMSGatewayEmulator.Server) -> SpoilableRequest {
        let good = Self.encode()
        let form = self.parameters.map { "\(good($0.0))=\(good($0.1))" }.joined(separator: "&")
        let body = self.asForm ? Array(form.utf8) : []
        let digest = Self.hex(SHA256.hash(data: body))
        var headers = [
            ("host", self.host ?? "127.0.0.1:\(emulator.port)"), ("x-acs-action", "SendMessageToGlobe"),
            ("x-acs-content-sha256", self.claimedDigest ?? digest),
            ("x-acs-date", Date().formatted(.iso8601)), ("x-acs-signature-nonce", UUID().uuidString),
            ("x-acs-version", "2018-05-01"),
        ]
        if self.asForm { headers.insert(("content-type", "application/x-www-form-urlencoded"), at: 0) }
        if let token = self.token { headers.append(("x-acs-security-token", token)) }
        headers.sort { $0.0 < $1.0 }
        if self.reversesHeaders { headers.reverse() }
        let names = headers.map { self.capitalises ? $0.0.capitalized : $0.0 }
        let lines = zip(names, headers).map { "\($0):\($1.1)" }
        let block = lines.joined(separator: self.lineEnd) + (self.emptyLine ? self.lineEnd : "")
        let query = self.query ?? (self.asForm ? "" : self.canonicalQuery(self.parameters))
        let signed = names.joined(separator: ";")
        let canonical = [self.method, self.path, query, block, signed, self.payload ?? self.claimedDigest ?? digest]
            .joined(separator: self.lineEnd)
        let last = self.digests ? Self.hex(SHA256.hash(data: Data(canonical.utf8))) : canonical
        let message = self.algorithmLine.map { $0 + self.lineEnd + last } ?? last
        var sent = headers.filter { $0.0 != "host" }.map { (name: $0.0, value: $0.1) }
        sent.append(("host", "127.0.0.1:\(emulator.port)"))
        let signature = self.output(self.authenticate(message))
        sent.append(
            ("authorization", "ACS3-HMAC-SHA256 Credential=\(self.id),SignedHeaders=\(signed),Signature=\(signature)")
        )
        return SpoilableRequest(query: self.asForm ? "" : self.sentQuery ?? form, headers: sent, body: body)
    }

    /// Returns the query of a request with an RPC signature.
    func rpc(
        nonce: String = UUID().uuidString,
        pathText: String = "%2F",
        againEncoded: Bool = true,
        signatureAsIs: Bool = false
    ) -> String {
        var all = self.parameters
        all += [
            ("Action", "SendMessageToGlobe"), ("Version", "2018-05-01"), ("AccessKeyId", self.id), ("Format", "JSON"),
            ("Timestamp", Date().formatted(.iso8601)), ("SignatureNonce", nonce), ("SignatureMethod", "HMAC-SHA1"),
            ("SignatureVersion", "1.0"),
        ]
        if let token = self.token { all.append(("SecurityToken", token)) }
        let query = self.canonicalQuery(all)
        let message = "\(self.method)&\(pathText)&\(againEncoded ? self.encode(query) : query)"
        let signature = self.output(self.authenticate(message))
        let good = Self.encode()
        return all.map { "\(good($0.0))=\(good($0.1))" }.joined(separator: "&")
            + "&Signature=\(signatureAsIs ? signature : good(signature))"
    }

    private func canonicalQuery(_ parameters: [(String, String)]) -> String {
        (self.sorts ? parameters.sorted { $0.0 < $1.0 } : parameters)
            .map { "\(self.encode($0.0))=\(self.encode($0.1))" }.joined(separator: "&")
    }

    private func authenticate(_ message: String) -> Data {
        let key = SymmetricKey(data: Data(self.key.utf8))
        return self.usesSHA1
            ? Data(HMAC<Insecure.SHA1>.authenticationCode(for: Data(message.utf8), using: key))
            : Data(HMAC<SHA256>.authenticationCode(for: Data(message.utf8), using: key))
    }
}
