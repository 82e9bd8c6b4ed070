// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import Foundation
import Testing
import TextFormats

@testable import AlibabaSMSEmulator

@Suite struct SignatureTests {
    @Test func everyVectorOfTheThirdSignatureIsReproduced() throws {
        let vectors = try Vector.all()
        #expect(vectors.count == 7)
        for (name, vector) in vectors {
            let request = try #require(vector.request)
            let credentials = try #require(vector.credentials)
            let credential = try AlibabaCredential(
                accessKeyID: credentials.accessKeyId,
                accessKeySecret: credentials.accessKeySecret,
                securityToken: credentials.securityToken
            )
            let signed = RequestSigner.Request(
                host: try #require(request.header("host")),
                action: try #require(request.header("x-acs-action")),
                version: try #require(request.header("x-acs-version")),
                query: try #require([RequestParameter](form: request.query)),
                contentType: request.header("content-type"),
                body: Array(request.body.utf8)
            )
            let date = try #require(request.header("x-acs-date").flatMap(SignatureDate.parse))
            let nonce = try #require(request.header("x-acs-signature-nonce"))
            let signer = RequestSigner(credential: credential)

            let canonical = signer.canonicalRequest(for: signed, date: date, nonce: nonce)
            #expect(canonical.text == vector.expected.canonicalRequest, "\(name)")
            #expect(canonical.stringToSign == vector.expected.stringToSign, "\(name)")
            let headers = signer.headers(for: signed, date: date, nonce: nonce)
            let authorization = headers.first { $0.name == "authorization" }?.value
            #expect(authorization == request.header("authorization"), "\(name)")
            #expect(authorization?.hasSuffix(vector.expected.signature) == true, "\(name)")
        }
    }

    @Test func everyVectorOfTheOlderSignatureIsReproduced() throws {
        let vectors = try Vector.all(in: "rpc-v2")
        #expect(vectors.count == 3)
        for (name, vector) in vectors {
            let parameters: [RequestParameter]
            if let request = vector.request {
                parameters = try #require([RequestParameter](form: request.query))
            } else {
                parameters = try #require(vector.parameters).map { RequestParameter($0.key, $0.value) }
            }
            let method = try #require(vector.method)
            let signature = RPCSignature(method: method, parameters: parameters)
            #expect(signature.canonicalQuery == vector.expected.canonicalQuery, "\(name)")
            #expect(signature.stringToSign == vector.expected.stringToSign, "\(name)")
            let secret = try #require(vector.accessKeySecret)
            #expect(signature.signature(secret: secret) == vector.expected.signature, "\(name)")
        }
    }

    @Test(arguments: [
        ("", ""), ("AZaz09-_.~", "AZaz09-_.~"), (" ", "%20"), ("+", "%2B"), ("*", "%2A"), ("!'()/", "%21%27%28%29%2F"),
        ("%", "%25"), ("%20", "%2520"), ("\n", "%0A"), ("\u{0}", "%00"), ("é", "%C3%A9"), ("你", "%E4%BD%A0"),
        ("😀", "%F0%9F%98%80"), ("e\u{301}", "e%CC%81"), ("a&b=c#d?", "a%26b%3Dc%23d%3F"),
        ("\"@`[]{}|\\^<>", "%22%40%60%5B%5D%7B%7D%7C%5C%5E%3C%3E"),
    ])
    func reservedCharactersAreEncoded(text: String, encoded: String) {
        #expect(PercentEncoding.encode(text) == encoded)
        #expect(PercentEncoding.decodeForm(encoded) == text)
    }

    @Test func plusInAFormIsASpace() {
        #expect(PercentEncoding.decodeForm("a+b%2bc") == "a b+c")
        for malformed in ["%", "%2", "%zz", "a%", "%ff", "%C3"] {
            #expect(PercentEncoding.decodeForm(malformed) == nil)
        }
    }

    @Test func parametersAreSortedByCodePoint() {
        let parameters = [("b", "1"), ("B", "2"), ("a", ""), ("é", "3"), ("aa", "4")].map(RequestParameter.init)
        #expect(parameters.canonicalQuery == "B=2&a=&aa=4&b=1&%C3%A9=3")
        #expect([RequestParameter]().canonicalQuery == "")
        // Two names are different if their code points differ, even if they are canonically equivalent.
        let spellings = [("é", "1"), ("e\u{301}", "2")].map(RequestParameter.init)
        #expect(spellings.canonicalQuery == "e%CC%81=2&%C3%A9=1")
        for list in [parameters, spellings, []] { #expect(list.canonicalLength == list.canonicalQuery.utf8.count) }
    }

    @Test func headerValuesAreTrimmedAndNamesAreLowerCase() {
        let canonical = CanonicalRequest(
            method: "POST",
            query: [],
            headers: [("X-Acs-B", "  2\t"), ("host", "h")],
            bodyDigest: "d"
        )
        #expect(canonical.text == "POST\n/\n\nhost:h\nx-acs-b:2\n\nhost;x-acs-b\nd")
    }

    @Test(arguments: [
        "2026-01-02T03:04:05+00:00", "2026-01-02T03:04:05.1Z", "20260102T030405Z", "", "2026-13-02T03:04:05Z",
        "2026-01-02 03:04:05Z",
    ])
    func otherTimestampFormatsAreRejected(text: String) {
        #expect(SignatureDate.parse(text) == nil)
    }

    @Test func timestampSurvivesARoundTrip() {
        let date = Date(timeIntervalSince1970: 1_767_323_045)
        #expect(SignatureDate.format(date) == "2026-01-02T03:04:05Z")
        #expect(SignatureDate.parse("2026-01-02T03:04:05Z") == date)
    }
}
