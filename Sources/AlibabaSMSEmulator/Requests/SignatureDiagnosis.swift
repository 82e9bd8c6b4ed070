// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
public import Redaction

/// A comparison of a request's signature with the expected signature.
///
/// If the signatures differ, the diagnosis lists the known mistakes that explain the difference. Secrets and tokens are
/// masked.
public struct SignatureDiagnosis: Codable, Sendable, Hashable {
    /// The intermediate texts from which a signature is computed.
    public struct Steps: Codable, Sendable, Hashable {
        /// The canonical request, or the canonical query of the RPC signature.
        public var canonicalRequest: String
        /// The signed text, which is called the string to sign.
        public var stringToSign: String
        /// The resulting signature.
        public var signature: String

        /// Creates the texts of a signature.
        ///
        /// - Parameters:
        ///   - canonicalRequest: The canonical request, or the canonical query of the RPC signature.
        ///   - stringToSign: The signed text.
        ///   - signature: The resulting signature.
        public init(canonicalRequest: String, stringToSign: String, signature: String) {
            self.canonicalRequest = canonicalRequest
            self.stringToSign = stringToSign
            self.signature = signature
        }
    }

    /// A mistake in a signature, with an explanation.
    public struct Finding: Codable, Sendable, Hashable {
        /// The mistake that was found.
        public var mistake: SignatureMistake
        /// The explanation, which is the ``SignatureMistake/summary`` of the mistake.
        public var text: String

        /// Creates a finding with the summary of a mistake as its explanation.
        ///
        /// - Parameter mistake: The mistake that was found.
        public init(_ mistake: SignatureMistake) {
            self.mistake = mistake
            self.text = mistake.summary
        }
    }

    /// The signature method: `ACS3-HMAC-SHA256` or `HMAC-SHA1`.
    public var algorithm: String
    /// Whether the received signature equals the expected signature.
    public var matches: Bool
    /// The intermediate texts of the expected signature; `nil` if the AccessKey is unknown.
    public var expected: Steps?
    /// The intermediate texts of the received signature; `nil` if the emulator cannot reproduce this signature.
    public var received: Steps?
    /// The received signature.
    public var receivedSignature: String
    /// The mistakes that together explain the received signature; empty if the signature is correct or has no explanation.
    public var findings: [Finding]

    /// Creates a diagnosis.
    ///
    /// - Parameters:
    ///   - algorithm: The signature method, `ACS3-HMAC-SHA256` or `HMAC-SHA1`.
    ///   - matches: Whether the received signature equals the expected signature.
    ///   - expected: The intermediate texts of the expected signature; `nil` if the AccessKey is unknown.
    ///   - received: The intermediate texts of the received signature; `nil` if the emulator cannot reproduce this signature.
    ///   - receivedSignature: The received signature.
    ///   - findings: The mistakes that together explain the received signature.
    public init(
        algorithm: String,
        matches: Bool,
        expected: Steps? = nil,
        received: Steps? = nil,
        receivedSignature: String,
        findings: [Finding] = []
    ) {
        self.algorithm = algorithm
        self.matches = matches
        self.expected = expected
        self.received = received
        self.receivedSignature = receivedSignature
        self.findings = findings
    }

    /// The maximum size, in bytes, of signed data for which the diagnosis tries each known mistake alone.
    ///
    /// The limit bounds the duration of a diagnosis.
    static let maximumSearchSize = 64 * 1024
    /// The maximum size, in bytes, of signed data for which the diagnosis also tries pairs of mistakes.
    ///
    /// This limit is lower than ``maximumSearchSize``, because there are many pairs.
    static let maximumPairSearchSize = 8 * 1024

    /// Diagnoses the signature of a request.
    ///
    /// Returns `nil` if the signature is missing or malformed, or if the AccessKey ID is unknown. However, if the client sent a
    /// known secret as the ID, the diagnosis reports ``SignatureMistake/idAndSecretSwapped``.
    ///
    /// - Parameters:
    ///   - call: The request.
    ///   - accessKeys: The AccessKeys of the emulator.
    init?(of call: GatewayCall, accessKeys: AccessKeys) {
        var call = call
        if call.scheme == nil { call.scheme = call.parseScheme() }
        guard let scheme = call.scheme, let id = call.accessKeyID else { return nil }
        let known = accessKeys.configuredCredentials
        let masking = Masking(secrets: known.map(\.accessKeySecret))
        let received = if case .v3(let header) = scheme { header.signature } else { call.parameter("Signature") ?? "" }
        guard let credential = accessKeys.key(id: id)?.credential else {
            guard known.contains(where: { $0.accessKeySecret == id }) else { return nil }
            self.init(scheme, matches: false, received: masking.text(received), findings: [.idAndSecretSwapped])
            return
        }
        let secret = credential.accessKeySecret
        let recipe =
            switch scheme {
            case .v3(let header): SignatureRecipe(v3: call, header, secret: secret)
            case .rpc: SignatureRecipe(rpc: call, secret: secret)
            }
        self.init(scheme, matches: recipe.signature == received, received: masking.text(received), findings: [])
        self.expected = masking.steps(of: recipe)
        if self.matches {
            self.received = self.expected
            return
        }
        let others = known.map(\.accessKeySecret).filter { $0 != secret }
        let variants = SignatureVariant.all(for: recipe, call: call, credential: credential, otherSecrets: others)
        if recipe.size <= Self.maximumSearchSize, let found = Self.search(variants, recipe, received) {
            self.findings = found.mistakes.map(Finding.init)
            self.received = masking.steps(of: found.recipe)
        } else if let mistake = Self.bodyDigestMistake(call) {
            self.findings = [Finding(mistake)]
        }
    }

    private init(_ scheme: GatewayCall.Scheme, matches: Bool, received: String, findings: [SignatureMistake]) {
        let algorithm = if case .v3 = scheme { CanonicalRequest.algorithm } else { "HMAC-SHA1" }
        self.init(
            algorithm: algorithm,
            matches: matches,
            receivedSignature: received,
            findings: findings.map(Finding.init)
        )
    }

    /// The explanations of all findings as one phrase without a final period; `nil` if there are no findings.
    public var summary: String? {
        self.findings.isEmpty ? nil : self.findings.map(\.text).joined(separator: ", and ")
    }

    private static func search(
        _ variants: [SignatureVariant],
        _ recipe: SignatureRecipe,
        _ received: String
    ) -> (mistakes: [SignatureMistake], recipe: SignatureRecipe)? {
        let expected = recipe.signature
        if recipe.scheme == .rpc, received.contains(" "), received.replacing(" ", with: "+") == expected {
            return ([.signatureNotEncoded], recipe)
        }
        var effective: [SignatureVariant] = []
        for variant in variants {
            var altered = recipe
            variant.apply(to: &altered)
            let signature = altered.signature
            if signature == received { return ([variant.mistake], altered) }
            if signature != expected { effective.append(variant) }
        }
        guard recipe.size <= Self.maximumPairSearchSize else { return nil }
        for (index, first) in effective.enumerated() {
            for second in effective[(index + 1)...] where second.mistake != first.mistake {
                var altered = recipe
                first.apply(to: &altered)
                second.apply(to: &altered)
                if altered.signature == received { return ([first.mistake, second.mistake], altered) }
            }
        }
        return nil
    }

    /// Returns the client's mistake if the digest in `x-acs-content-sha256` is not the digest of the body.
    ///
    /// The check is independent of the signature.
    private static func bodyDigestMistake(_ call: GatewayCall) -> SignatureMistake? {
        guard case .v3 = call.scheme, let claimed = call.header("x-acs-content-sha256") else { return nil }
        let digest = CanonicalRequest.hexDigest(call.body)
        guard claimed != digest else { return nil }
        if claimed.lowercased() == digest { return .payloadUpperCase }
        return claimed == CanonicalRequest.hexDigest([]) ? .payloadOfEmptyBody : .payloadOfOtherBody
    }
}

extension SignatureDiagnosis: Redacted {
    /// The result and the findings, without the signed texts, which contain the phone number and the text of the message.
    public var description: String {
        "SignatureDiagnosis(\(self.matches ? "valid" : self.summary ?? "unexplained"))"
    }
}

extension SignatureDiagnosis.Steps: Redacted {
    /// The name of the type, without the signed texts and the signature.
    public var description: String { "Steps(<redacted>)" }
}
