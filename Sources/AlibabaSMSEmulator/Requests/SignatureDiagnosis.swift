import AlibabaSMS
public import Redaction

/// What the signature of a request is made of, what it ought to be made of, and which known mistake makes the difference.
///
/// Security tokens and secrets are masked in all of its texts.
public struct SignatureDiagnosis: Codable, Sendable, Hashable {
    /// The steps towards a signature.
    public struct Steps: Codable, Sendable, Hashable {
        /// The canonical request; with the older method the canonical query.
        public var canonicalRequest: String
        /// The text that is signed.
        public var stringToSign: String
        /// The signature.
        public var signature: String
    }

    /// A mistake with its explanation.
    public struct Finding: Codable, Sendable, Hashable {
        /// The mistake.
        public var mistake: SignatureMistake
        /// What was done and what ought to have been done.
        public var text: String

        init(_ mistake: SignatureMistake) {
            self.mistake = mistake
            self.text = mistake.summary
        }
    }

    /// The method of the signature: `ACS3-HMAC-SHA256` or `HMAC-SHA1`.
    public var algorithm: String
    /// Whether the received signature is the expected one.
    public var matches: Bool
    /// What the gateway expects; nothing if it does not know the AccessKey.
    public var expected: Steps?
    /// What the client has made, if a known mistake explains it.
    public var received: Steps?
    /// The signature of the request.
    public var receivedSignature: String
    /// The mistakes that together make the received signature; none if none is known.
    public var findings: [Finding]

    /// How much of a request is looked at: more is not searched for mistakes.
    static let longestSearch = 64 * 1024
    /// Up to which size two mistakes at once are looked for.
    static let longestPairSearch = 8 * 1024

    /// Compares the signature of a request with the right one; `nil` if it carries none that can be read, or one of an
    /// unknown AccessKey.
    ///
    /// - Parameters:
    ///   - call: The request.
    ///   - accessKeys: The AccessKeys that the gateway knows.
    init?(of call: GatewayCall, accessKeys: AccessKeys) {
        var call = call
        if call.scheme == nil { call.scheme = call.readScheme() }
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
        if recipe.size <= Self.longestSearch, let found = Self.search(variants, recipe, received) {
            self.findings = found.mistakes.map(Finding.init)
            self.received = masking.steps(of: found.recipe)
        } else if let mistake = Self.bodyDigestMistake(call) {
            self.findings = [Finding(mistake)]
        }
    }

    private init(_ scheme: GatewayCall.Scheme, matches: Bool, received: String, findings: [SignatureMistake]) {
        self.algorithm = if case .v3 = scheme { CanonicalRequest.algorithm } else { "HMAC-SHA1" }
        self.matches = matches
        self.receivedSignature = received
        self.findings = findings.map(Finding.init)
    }

    /// The findings in one sentence without an end, or `nil` if there are none.
    public var summary: String? {
        self.findings.isEmpty ? nil : self.findings.map(\.text).joined(separator: ", and ")
    }

    private static func search(
        _ variants: [SignatureVariant],
        _ recipe: SignatureRecipe,
        _ received: String
    ) -> (mistakes: [SignatureMistake], recipe: SignatureRecipe)? {
        let right = recipe.signature
        if recipe.scheme == .rpc, received.contains(" "), received.replacing(" ", with: "+") == right {
            return ([.signatureNotEncoded], recipe)
        }
        var effective: [SignatureVariant] = []
        for variant in variants {
            var spoiled = recipe
            variant.spoil(&spoiled)
            let signature = spoiled.signature
            if signature == received { return ([variant.mistake], spoiled) }
            if signature != right { effective.append(variant) }
        }
        guard recipe.size <= Self.longestPairSearch else { return nil }
        for (index, first) in effective.enumerated() {
            for second in effective[(index + 1)...] where second.mistake != first.mistake {
                var spoiled = recipe
                first.spoil(&spoiled)
                second.spoil(&spoiled)
                if spoiled.signature == received { return ([first.mistake, second.mistake], spoiled) }
            }
        }
        return nil
    }

    /// What is wrong with the digest that the request claims for its body, whatever else is.
    private static func bodyDigestMistake(_ call: GatewayCall) -> SignatureMistake? {
        guard case .v3 = call.scheme, let claimed = call.header("x-acs-content-sha256") else { return nil }
        let digest = CanonicalRequest.hexDigest(call.body)
        guard claimed != digest else { return nil }
        if claimed.lowercased() == digest { return .payloadUpperCase }
        return claimed == CanonicalRequest.hexDigest([]) ? .payloadOfEmptyBody : .payloadOfOtherBody
    }
}

extension SignatureDiagnosis: Redacted {
    /// Whether the signature is right and what is wrong with it, never its texts: they hold number and text.
    public var description: String {
        "SignatureDiagnosis(\(self.matches ? "right" : self.summary ?? "unexplained"))"
    }
}

extension SignatureDiagnosis.Steps: Redacted {
    /// The name of the type only.
    public var description: String { "Steps(<redacted>)" }
}
