// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import Crypto
import Foundation
import NIOHTTP1
import Testing
import TextFormats

@testable import AlibabaSMSEmulator

@Suite struct SignatureDiagnosisTests {
    static let otherSecret = "other-s3cret"

    static func withGateway(_ body: (SMSGatewayEmulator.Server) async throws -> Void) async throws {
        let other = try AlibabaCredential(accessKeyID: "LTAI-other", accessKeySecret: Self.otherSecret)
        try await SMSGatewayEmulator.withServer(.init(accessKeys: [key(), other]), body)
    }

    /// The mistakes in a V3 signature, each with a change of the signer that causes the mistake.
    static let mistakes: [(SignatureMistake, @Sendable (inout CarelessSigner) -> Void)] = {
        let good: @Sendable (String) -> String = { CarelessSigner.encode()($0) }
        return [
            (.spaceAsPlus, { $0.encode = { good($0).replacing("%20", with: "+") } }),
            (.asteriskNotEncoded, { $0.encode = CarelessSigner.encode(bare: "*") }),
            (.tildeEncoded, { $0.encode = CarelessSigner.encode(without: "~") }),
            (.punctuationNotEncoded, { $0.encode = CarelessSigner.encode(bare: "!'()") }),
            (.slashNotEncoded, { $0.encode = CarelessSigner.encode(bare: "/") }),
            (.lowerCaseHex, { $0.encode = { good($0).replacing(#/%../#) { $0.output.lowercased() } } }),
            (
                .formEncoding,
                { $0.encode = { CarelessSigner.encode(bare: "*", without: "~")($0).replacing("%20", with: "+") } }
            ),
            (.componentEncoding, { $0.encode = CarelessSigner.encode(bare: "!'()*") }),
            (.notEncoded, { $0.encode = { $0 } }),
            (.encodedTwice, { $0.encode = { good(good($0)) } }),
            (.parametersNotSorted, { $0.sorts = false }),
            (
                .queryAsWritten,
                {
                    $0.query = "To=6591234567&Message=code+1&From=a%7Eb"
                    $0.sentQuery = $0.query
                }
            ),
            (.queryMissing, { $0.query = "" }),
            (
                .formInQuery,
                {
                    $0.asForm = true
                    let sorted = $0.parameters.sorted { $0.0 < $1.0 }
                    $0.query = sorted.map { "\($0.0)=\(good($0.1))" }.joined(separator: "&")
                }
            ),
            (.methodWrong, { $0.method = "GET" }),
            (.methodWrong, { $0.method = "post" }),
            (.pathMissing, { $0.path = "" }),
            (.portMissing, { $0.host = "127.0.0.1" }),
            (.otherHost, { $0.host = "dysmsapi.ap-southeast-1.aliyuncs.com" }),
            (.headersNotSorted, { $0.reversesHeaders = true }),
            (.emptyLineMissing, { $0.emptyLine = false }),
            (.carriageReturns, { $0.lineEnd = "\r\n" }),
            (
                .payloadOfEmptyBody,
                {
                    $0.asForm = true
                    $0.claimedDigest = CarelessSigner.hex(SHA256.hash(data: Data()))
                }
            ),
            (
                .payloadOfEmptyBody,
                {
                    $0.asForm = true
                    $0.payload = CarelessSigner.hex(SHA256.hash(data: Data()))
                }
            ),
            (.payloadOfOtherBody, { $0.claimedDigest = CarelessSigner.hex(SHA256.hash(data: Data("x".utf8))) }),
            (.payloadOfOtherBody, { $0.payload = CarelessSigner.hex(SHA256.hash(data: Data("{}".utf8))) }),
            (.payloadUpperCase, { $0.claimedDigest = CarelessSigner.hex(SHA256.hash(data: Data())).uppercased() }),
            (.payloadMissing, { $0.payload = "UNSIGNED-PAYLOAD" }),
            (.payloadMissing, { $0.payload = "" }),
            (.algorithmLineMissing, { $0.algorithmLine = nil }),
            (.requestNotDigested, { $0.digests = false }),
            (.ampersandAfterSecret, { $0.key += "&" }),
            (.spaceAroundSecret, { $0.key += "\n" }),
            (.spaceAroundSecret, { $0.key = " " + $0.key }),
            (.quotesAroundSecret, { $0.key = "\"\($0.key)\"" }),
            (.otherSecret, { $0.key = Self.otherSecret }),
            (.idAsSecret, { $0.key = $0.id }),
            (.sha1, { $0.usesSHA1 = true }),
            (.upperCaseSignature, { $0.output = { CarelessSigner.hex($0).uppercased() } }),
            (.base64Signature, { $0.output = { $0.base64EncodedString() } }),
        ]
    }()

    @Test(arguments: [(60_000, [SignatureMistake.formInQuery]), (70_000, [])])
    func aLongFormIsNotSearchedForMistakes(length: Int, mistakes: [SignatureMistake]) async throws {
        try await Self.withGateway { emulator in
            var signer = CarelessSigner()
            signer.asForm = true
            signer.parameters = [("Message", String(repeating: "x", count: length)), ("To", CarelessSigner.number)]
            signer.query = signer.parameters.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
            #expect(try await signer.v3(emulator).send(to: emulator).code == "SignatureDoesNotMatch")
            let diagnosis = try #require(emulator.requests.records().first?.signature)
            #expect(diagnosis.findings.map(\.mistake) == mistakes)
        }
    }

    @Test(arguments: [(4000, [SignatureMistake.pathMissing, .portMissing]), (9000, [])])
    func longHeadersAreNotSearchedForPairsOfMistakes(length: Int, mistakes: [SignatureMistake]) async throws {
        try await Self.withGateway { emulator in
            var signer = CarelessSigner()
            signer.token = String(repeating: "x", count: length)
            signer.path = ""
            signer.host = "127.0.0.1"
            #expect(try await signer.v3(emulator).send(to: emulator).code == "SignatureDoesNotMatch")
            let diagnosis = try #require(emulator.requests.records().first?.signature)
            #expect(diagnosis.findings.map(\.mistake) == mistakes)
        }
    }

    @Test func aValidSignatureMatches() async throws {
        try await Self.withGateway { emulator in
            #expect(try await CarelessSigner().v3(emulator).send(to: emulator).code == "OK")
            let record = try #require(emulator.requests.records().first)
            let diagnosis = try #require(record.signature)
            #expect(diagnosis.matches && diagnosis.findings.isEmpty && diagnosis.received == diagnosis.expected)
            #expect(diagnosis.expected?.signature == diagnosis.receivedSignature)
            #expect(
                diagnosis.expected?.canonicalRequest.hasPrefix("POST\n/\nFrom=swiftotp&Message=Code%201%2B1") == true
            )
            #expect(diagnosis.expected?.stringToSign.hasPrefix("ACS3-HMAC-SHA256\n") == true)
        }
    }

    @Test(arguments: Self.mistakes.indices) func everyMistakeIsDiagnosed(index: Int) async throws {
        let (mistake, change) = Self.mistakes[index]
        try await Self.withGateway { emulator in
            var signer = CarelessSigner()
            change(&signer)
            let request = signer.v3(emulator)
            let response = try await request.send(to: emulator)
            #expect(response.code == "SignatureDoesNotMatch")
            let message = try #require(response.json["Message"] as? String)
            #expect(message.contains(mistake.summary), "\(message)")
            #expect(!response.text.contains(CarelessSigner.number) && !response.text.contains("482913"))
            let diagnosis = try #require(emulator.requests.records().first?.signature)
            #expect(diagnosis.findings.map(\.mistake) == [mistake])
            let sent = try #require(request.headers.last?.value.split(separator: "Signature=").last.map(String.init))
            #expect(diagnosis.receivedSignature == sent && diagnosis.received?.signature == sent)
            #expect(diagnosis.expected?.signature != sent && !diagnosis.matches)
        }
    }

    @Test func mistakesOfTheRPCSignatureAreDiagnosed() async throws {
        let good = CarelessSigner.encode()
        let right = {
            var signer = CarelessSigner()
            signer.usesSHA1 = true
            signer.key += "&"
            signer.output = { $0.base64EncodedString() }
            return signer
        }()
        func altered(_ change: (inout CarelessSigner) -> Void) -> CarelessSigner {
            var signer = right
            change(&signer)
            return signer
        }
        let withPlus = try #require(
            (0..<1000).map { right.rpc(nonce: "n-\($0)", signatureAsIs: true) }
                .first { $0.split(separator: "&Signature=").last?.contains("+") == true }
        )
        let cases: [(SignatureMistake?, String)] = [
            (nil, right.rpc()),
            (.ampersandMissing, altered { $0.key = secret }.rpc()),
            (.queryNotEncodedAgain, right.rpc(againEncoded: false)),
            (.pathNotEncoded, right.rpc(pathText: "/")),
            (.pathMissing, right.rpc(pathText: "")),
            (.methodWrong, altered { $0.method = "GET" }.rpc()),
            (.spaceAsPlus, altered { $0.encode = { good($0).replacing("%20", with: "+") } }.rpc()),
            (.tildeEncoded, altered { $0.encode = CarelessSigner.encode(without: "~") }.rpc()),
            (.parametersNotSorted, altered { $0.sorts = false }.rpc()),
            (.sha256, altered { $0.usesSHA1 = false }.rpc()),
            (.hexSignature, altered { $0.output = CarelessSigner.hex }.rpc()),
            (.otherSecret, altered { $0.key = "\(Self.otherSecret)&" }.rpc()),
            (.spaceAroundSecret, altered { $0.key = "\(secret)\n&" }.rpc()),
            (.signatureNotEncoded, withPlus),
        ]
        try await Self.withGateway { emulator in
            for (mistake, query) in cases {
                let response = try await fetch("\(emulator.baseURL)/?\(query)", method: .POST)
                let diagnosis = try #require(emulator.requests.records().first?.signature)
                #expect(response.code == (mistake == nil ? "OK" : "SignatureDoesNotMatch"))
                #expect(diagnosis.findings.map(\.mistake) == (mistake.map { [$0] } ?? []), "\(mistake as Any)")
                #expect(diagnosis.algorithm == "HMAC-SHA1")
            }
        }
    }

    @Test func aPairOfMistakesIsDiagnosed() async throws {
        try await Self.withGateway { emulator in
            var signer = CarelessSigner()
            signer.encode = CarelessSigner.encode(bare: "*")
            signer.host = "127.0.0.1"
            let response = try await signer.v3(emulator).send(to: emulator)
            #expect(response.code == "SignatureDoesNotMatch")
            let findings = try #require(emulator.requests.records().first?.signature?.findings.map(\.mistake))
            #expect(Set(findings) == [.asteriskNotEncoded, .portMissing])
        }
    }

    @Test func anUnknownMistakeHasNoFinding() async throws {
        try await Self.withGateway { emulator in
            var signer = CarelessSigner()
            signer.key = "unknown"
            let response = try await signer.v3(emulator).send(to: emulator)
            #expect(response.code == "SignatureDoesNotMatch")
            #expect((response.json["Message"] as? String)?.contains("Emulator") == false)
            let diagnosis = try #require(emulator.requests.records().first?.signature)
            #expect(diagnosis.findings.isEmpty && diagnosis.received == nil && diagnosis.expected != nil)
        }
    }

    @Test func capitalizedHeaderNamesAreDiagnosed() async throws {
        try await Self.withGateway { emulator in
            var signer = CarelessSigner()
            signer.capitalises = true
            #expect(try await signer.v3(emulator).send(to: emulator).code == "IncompleteSignature")
            let diagnosis = try #require(emulator.requests.records().first?.signature)
            #expect(diagnosis.findings.map(\.mistake) == [.headerNamesNotLowerCase])
        }
    }

    @Test func aSwappedSecretIsDiagnosedAndMasked() async throws {
        try await Self.withGateway { emulator in
            var signer = CarelessSigner()
            (signer.id, signer.key) = (Self.otherSecret, "LTAI-other")
            let response = try await signer.v3(emulator).send(to: emulator)
            #expect(response.code == "InvalidAccessKeyId.NotFound")
            let record = try #require(emulator.requests.records().first)
            #expect(record.signature?.findings.map(\.mistake) == [.idAndSecretSwapped])
            let shown = try await fetch("\(emulator.baseURL)/api/v1/requests/1").text
            #expect(shown.contains("idAndSecretSwapped") && !shown.contains(Self.otherSecret))
        }
    }

    @Test func everyMistakeHasATest() {
        let elsewhere: Set<SignatureMistake> = [
            .queryNotEncodedAgain, .pathNotEncoded, .ampersandMissing, .sha256, .hexSignature,
            .signatureNotEncoded, .headerNamesNotLowerCase, .idAndSecretSwapped,
        ]
        #expect(Set(Self.mistakes.map(\.0)).union(elsewhere) == Set(SignatureMistake.known))
    }
}
