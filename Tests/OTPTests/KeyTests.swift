// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import OTPTesting
import SMSKit
import Testing

@testable import OTP

@Suite struct KeyTests {
    private func ring() throws -> KeyRing {
        try KeyRing(
            codeKeys: [try KeyRing.Key(id: "k1", secret: SymmetricKey(data: Array(UInt8(1)...32)))],
            indexKeys: [try KeyRing.Key(id: "i1", secret: SymmetricKey(data: Array(UInt8(101)...132)))]
        )
    }

    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { String(format: "%02x", $0) }.joined()
    }

    private static let epoch = ClockEpoch(rawValue: 0x0123_4567_89ab_cdef, previousEnd: nil)
    private let token = ChallengeToken(id: Array(0..<16), secret: Array(16..<32))

    private func check(_ context: [String], _ token: ChallengeToken? = nil) -> [UInt8] {
        CodeBinding(
            tenant: "default",
            purpose: .registration,
            number: Fixture.number,
            context: ContextHash(context),
            challenge: token ?? self.token
        )
        .reference(in: .initial).check
    }

    /// The expected values were computed by an independent Python program (hmac, hashlib, RFC 5869).
    @Test func hashesMatchTheSpecification() throws {
        let ring = try self.ring()
        func authenticator(_ context: [String]) -> String {
            let binding = CodeBinding(
                tenant: "default",
                purpose: .registration,
                number: Fixture.number,
                context: ContextHash(context),
                challenge: self.token
            )
            return self.hex(ring.codeKeys[0].authenticator(of: OneTimeCode(bytes: Array("012345".utf8)), binding))
        }
        #expect(authenticator([]) == "815f095e0a85c2433981ba0c762c0d32a4217c818f52baba992a46ae617cf51b")
        #expect(
            authenticator(["10 EUR", "ACME"]) == "e2c196477cc34597082c97bf06d74ccc09a74b16c30032dda1f1f88f2e3c5146"
        )
        let index = ring.indexKeys[0].index(of: Fixture.number)
        #expect(self.hex(index.bytes) == "b5de54592e2d8a64110135543a8571d6")
        #expect(self.hex(self.token.storeID(in: .initial).bytes) == "88017552db09d32590e133136d9db462")
        #expect(self.hex(self.check([])) == "5b4006df2a48a8483fefb8c7d26925c0")
        #expect(self.hex(self.check(["10 EUR", "ACME"])) == "07c2e26b70433f867687cde3cefd824a")
        let tokenless = ChallengeToken.tokenless("default", .signIn)
        #expect(self.hex(tokenless.storeID(in: .initial).bytes) == "3fe1e3ffb40921c926196115c320b685")
        #expect(self.hex(self.check(["ignored"], tokenless)) == "b8f22f270ed6cf69c22b4bb12015e884")
        #expect(self.token.text == "v1.AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")
        #expect(self.hex(self.token.storeID(in: Self.epoch).bytes) == "e2c365ff3fc3597742a8df9bd8f07f0c")
        #expect(self.hex(tokenless.storeID(in: Self.epoch).bytes) == "db7cf5ba4eea2b50769d50c5f4bb5879")
    }

    /// The expected values were computed by an independent Python program.
    @Test(arguments: [
        (ProofKey.ExpiryClock.own(.initial), "1b4d955822d8a8f65b2f7ef2c76bb259357d50854e884d3aac2e8963fbbbcaea"),
        (.own(Self.epoch), "91cc25df66041af4a1d01c7b79f68d983011da0fbdea7cbf6a67a8cd214fa65d"),
        (.other, "c8901a050aa9da852826008cb61c1869b429069b88a9e138ac5e715264b7b929"),
    ])
    func signatureMatchesTheSpecification(_ clock: ProofKey.ExpiryClock, _ expected: String) throws {
        let claims = ProofKey.Claims(
            tenant: "default",
            audience: .default,
            purpose: .registration,
            number: Fixture.number,
            context: ContextHash([]),
            challengeID: Array(0..<16),
            proofID: Array(32..<48),
            expiry: StoreTime(milliseconds: 1_700_000_000_000),
            clock: clock
        )
        #expect(self.hex(try self.ring().codeKeys[0].proofKey.sign(claims)) == expected)
    }

    @Test func keyedHashIsHMAC() {
        var random = SeededGenerator(seed: 2)
        for count in 0..<300 {
            let secret = (0..<(count % 65)).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            let message = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            var fields = FieldEncoding()
            fields.append(message)
            let key = SymmetricKey(data: secret)
            let expected = Array(HMAC<SHA256>.authenticationCode(for: fields.bytes, using: key))
            #expect(KeyedHash(key: key)(fields) == expected)
            #expect(KeyedHash(key: key)(fields, count: 16) == Array(expected.prefix(16)))
            let text = String(repeating: "x", count: count)
            var whole = FieldEncoding()
            whole.append("first")
            whole.append(text)
            whole.append(message)
            let code = Array(HMAC<SHA256>.authenticationCode(for: whole.bytes, using: key))
            #expect(KeyedHash(key: key, prefix: "first", text)(fields) == code)
        }
    }

    @Test(arguments: [0, 1, 183, 184, 185, 192, 1_000, 70_000])
    func fieldOfAnySizeIsEncodedAfterItsLength(size: Int) {
        let field = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
        var encoding = FieldEncoding()
        encoding.append("é")
        encoding.append(field)
        let length = (0..<4).map { UInt8(truncatingIfNeeded: size >> (24 - 8 * $0)) }
        #expect(encoding.bytes == [0, 0, 0, 2, 0xC3, 0xA9] + length + field)
    }

    @Test func differentFieldsNeverShareAnEncoding() {
        var random = SeededGenerator(seed: 1)
        var seen: [[UInt8]: [String]] = [:]
        for _ in 0..<20_000 {
            let fields = (0..<Int.random(in: 0...3, using: &random))
                .map { _ in
                    String(repeating: "a", count: Int.random(in: 0...3, using: &random))
                }
            var encoding = FieldEncoding()
            for field in fields { encoding.append(field) }
            #expect(seen[encoding.bytes] == nil || seen[encoding.bytes] == fields)
            seen[encoding.bytes] = fields
        }
    }

    @Test func tokensAreParsedStrictly() throws {
        #expect(try ChallengeToken(self.token.text) == self.token)
        let good = self.token.text
        let bad = [
            "", "v1.", "v2." + good.dropFirst(3), String(good.dropLast()), good + "A", good + "=", " " + good,
            good.replacingOccurrences(of: "A", with: "+"), "v1." + String(repeating: "A", count: 100_000),
            // The last character has two unused bits, and only one of its spellings is canonical.
            good.dropLast() + "9",
        ]
        for text in bad {
            let error = #expect(throws: OTPError.self) { try ChallengeToken(text) }
            #expect(error?.code == .invalidToken)
        }
    }

    @Test(arguments: [" ", "\n", "\r\n", "\t", "  \n", "\u{A0}", "\u{2028}", "\u{3000}"])
    func whitespaceAfterATokenIsIgnored(blank: String) throws {
        #expect(try ChallengeToken(self.token.text + blank) == self.token)
        #expect(throws: OTPError.self) { try ChallengeToken(blank + self.token.text) }
        #expect(throws: OTPError.self) { try ChallengeToken(self.token.text + blank + "A") }
    }

    @Test func sealedCodeOpensOnlyWithTheClientsSecret() throws {
        let key = try self.ring().codeKeys[0]
        let binding = CodeBinding(
            tenant: "default",
            purpose: .registration,
            number: Fixture.number,
            context: ContextHash([]),
            challenge: self.token
        )
        let code = OneTimeCode(bytes: Array("012345".utf8))
        let protected = key.protect(code, binding, sealed: true)
        let (sealed, authenticator) = (protected.sealed, protected.authenticator)
        #expect(sealed.count == 6 && sealed != Array("012345".utf8))
        #expect(authenticator == key.authenticator(of: code, binding))
        #expect(key.protect(code, binding, sealed: false).sealed.isEmpty)
        func opened(_ sealed: [UInt8], _ binding: CodeBinding) -> String? {
            key.open(ProtectedCode(keyID: "k1", authenticator: authenticator, sealed: sealed), binding)?.text
        }
        #expect(opened(sealed, binding) == "012345")
        let changes: [(inout CodeBinding) -> Void] = [
            { $0.challenge = ChallengeToken(id: self.token.id, secret: Array(repeating: 7, count: 16)) },
            { $0.challenge = ChallengeToken(id: Array(repeating: 7, count: 16), secret: Array(16..<32)) },
            { $0.tenant = "other" }, { $0.purpose = .signIn }, { $0.number = Fixture.otherNumber },
            { $0.context = ContextHash(["1"]) },
        ]
        for change in changes {
            var other = binding
            change(&other)
            #expect(opened(sealed, other) == nil)
            // Each binding has another pad, so the sealed codes differ.
            #expect(key.protect(code, other, sealed: true).sealed != sealed)
        }
        #expect(opened(Array(sealed.dropLast()), binding) == nil)
        #expect(opened([sealed[0] ^ 1] + sealed.dropFirst(), binding) == nil)
        #expect(opened([], binding) == nil)
    }

    @Test func rotatedCodeKeyKeepsLiveCodes() async throws {
        let old = try Fixture(keys: try Fixture.keys(code: ["k1"]))
        let (token, code) = try await old.issue()
        let new = try Fixture(keys: try Fixture.keys(code: ["k2", "k1"]), store: old.store)
        #expect(await new.verify(wrong(code), token: token)?.attemptsRemaining == 4)
        #expect(await new.verify(code, token: token) == nil)
    }

    @Test(arguments: [
        "", "code/a:AAAA", "index/a:AAAA", "k1:x", "code/k1:!!!", "code/:QUJD", "code/k 1:QUJD",
        "code/k1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=,index/i1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    ])
    func unusableKeysAreRefusedWithoutQuotingThem(text: String) {
        let error = #expect(throws: OTPConfigurationError.self) { try KeyRing(text: text) }
        #expect(error?.setting == "keys")
        #expect(error?.description.contains("AAAA") == false)
    }

    @Test func generatedKeysCanBeParsed() throws {
        let ring = try KeyRing(text: KeyRing.makeText())
        #expect(ring.codeKeys.count == 1 && ring.indexKeys.count == 1)
    }
}
