// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS

/// An alteration of a correct signature that reproduces a known mistake.
struct SignatureVariant: Sendable {
    let mistake: SignatureMistake
    private let alteration: @Sendable (inout SignatureRecipe) -> Void

    init(_ mistake: SignatureMistake, _ alteration: @escaping @Sendable (inout SignatureRecipe) -> Void) {
        self.mistake = mistake
        self.alteration = alteration
    }

    /// Alters a recipe to reproduce the mistake.
    func apply(to recipe: inout SignatureRecipe) { self.alteration(&recipe) }

    /// Returns the variants to try for a request, the most likely variants first.
    static func all(
        for recipe: SignatureRecipe,
        call: GatewayCall,
        credential: AlibabaCredential,
        otherSecrets: [String]
    ) -> [SignatureVariant] {
        let own =
            recipe.scheme == .v3
            ? Self.lines(call) + Self.payloads(call) + Self.outputs : Self.rpc(call)
        return Self.encodings + own + Self.keys(recipe.scheme, credential, otherSecrets) + Self.presets
    }

    private static let encodings = [
        Self(.spaceAsPlus) { $0.encoding.writesSpaceAsPlus = true },
        Self(.asteriskNotEncoded) { $0.encoding.unencodedCharacters += "*" },
        Self(.tildeEncoded) { $0.encoding.encodesTilde = true },
        Self(.punctuationNotEncoded) { $0.encoding.unencodedCharacters += "!'()" },
        Self(.slashNotEncoded) { $0.encoding.unencodedCharacters += "/" },
        Self(.lowerCaseHex) { $0.encoding.writesLowerCaseHex = true },
        Self(.notEncoded) { $0.encoding.rounds = 0 },
        Self(.encodedTwice) { $0.encoding.rounds = 2 },
        Self(.parametersNotSorted) { $0.sortsParameters = false },
    ]

    /// Encodings of common standard libraries, which make several mistakes at the same time.
    private static let presets = [
        Self(.formEncoding) {
            $0.encoding.writesSpaceAsPlus = true
            $0.encoding.encodesTilde = true
            $0.encoding.unencodedCharacters += "*"
        },
        Self(.componentEncoding) { $0.encoding.unencodedCharacters += "!'()*" },
    ]

    private static let outputs = [
        Self(.requestNotDigested) { $0.signsDigest = false },
        Self(.algorithmLineMissing) { $0.algorithmLine = nil },
        Self(.sha1) {
            $0.digest = .sha1
            $0.algorithmLine = "ACS3-HMAC-SHA1"
        },
        Self(.sha1) { $0.digest = .sha1 },
        Self(.upperCaseSignature) { $0.output = .upperCaseHex },
        Self(.base64Signature) { $0.output = .base64 },
    ]

    private static func lines(_ call: GatewayCall) -> [SignatureVariant] {
        var variants = [
            Self(.emptyLineMissing) { $0.hasEmptyLine = false },
            Self(.pathMissing) { $0.path = "" },
            Self(.carriageReturns) { $0.lineEnd = "\r\n" },
            Self(.queryMissing) { $0.query = "" },
            Self(.methodWrong) { $0.method = $0.method == "POST" ? "GET" : "POST" },
            Self(.methodWrong) { $0.method = $0.method.lowercased() },
        ]
        variants += Self.hosts(call.authority)
        if let query = call.rawQuery { variants.append(Self(.queryAsWritten) { $0.query = query }) }
        if call.parameters.count > call.query.count,
            SignatureRecipe.size(of: call.parameters) <= SignatureDiagnosis.maximumSearchSize
        {
            variants.append(Self(.formInQuery) { [parameters = call.parameters] in $0.parameters = parameters })
        }
        if case .v3(let header) = call.scheme {
            let values = header.signedHeaders.map { (name: $0, value: call.header($0) ?? "") }
            variants.append(
                Self(.headersNotSorted) {
                    $0.headers = values.map { ($0.name.lowercased(), $0.value) }
                    $0.signedHeaders = $0.headers.map(\.name).joined(separator: ";")
                }
            )
            variants.append(
                Self(.headerNamesNotLowerCase) {
                    $0.headers = values
                    $0.signedHeaders = values.map(\.name).joined(separator: ";")
                }
            )
        }
        return variants
    }

    private static func hosts(_ authority: String) -> [SignatureVariant] {
        let name = authority.split(separator: ":").first.map(String.init) ?? ""
        let port = String(authority.dropFirst(name.count))
        let others =
            ["localhost", "127.0.0.1"].flatMap { [$0, $0 + port] } + [
                "dysmsapi.ap-southeast-1.aliyuncs.com", "dysmsapi.aliyuncs.com", "http://\(authority)", "",
            ]
        return [Self(.portMissing) { $0.setHeader("host", name) }]
            + others.map { host in Self(.otherHost) { $0.setHeader("host", host) } }
    }

    private static func payloads(_ call: GatewayCall) -> [SignatureVariant] {
        let empty = CanonicalRequest.hexDigest([])
        let digest = CanonicalRequest.hexDigest(call.body)
        // A client may sign the parameters as a body but send them in the query, or the reverse.
        let others = [call.query.canonicalQuery, call.parameters.canonicalQuery, call.rawQuery ?? "", "{}"]
            .map { CanonicalRequest.hexDigest($0.utf8) }
        var variants = [
            Self(.payloadMissing) { $0.payload = "" },
            Self(.payloadMissing) { $0.payload = "UNSIGNED-PAYLOAD" },
            Self(.payloadUpperCase) { $0.payload = $0.payload.uppercased() },
            Self(.payloadOfEmptyBody) { $0.payload = empty },
        ]
        variants += others.map { other in Self(.payloadOfOtherBody) { $0.payload = other } }
        if let claimed = call.header("x-acs-content-sha256"), claimed != digest {
            let mistake: SignatureMistake =
                claimed == empty
                ? .payloadOfEmptyBody : claimed.lowercased() == digest ? .payloadUpperCase : .payloadOfOtherBody
            let header = Self(mistake) { $0.setHeader("x-acs-content-sha256", claimed) }
            let both = Self(mistake) {
                $0.setHeader("x-acs-content-sha256", claimed)
                $0.payload = claimed
            }
            variants.insert(contentsOf: [both, header], at: 0)
        }
        return variants
    }

    private static func rpc(_ call: GatewayCall) -> [SignatureVariant] {
        [
            Self(.queryNotEncodedAgain) { $0.encodesQueryAgain = false },
            Self(.pathNotEncoded) { $0.encodedPath = "/" },
            Self(.pathMissing) { $0.encodedPath = "" },
            Self(.methodWrong) { $0.method = $0.method == "POST" ? "GET" : "POST" },
            Self(.sha256) { $0.digest = .sha256 },
            Self(.hexSignature) { $0.output = .lowerCaseHex },
            Self(.hexSignature) { $0.output = .upperCaseHex },
        ]
    }

    private static func keys(
        _ scheme: SignatureRecipe.Scheme,
        _ credential: AlibabaCredential,
        _ otherSecrets: [String]
    ) -> [SignatureVariant] {
        let secret = credential.accessKeySecret
        let end = scheme == .rpc ? "&" : ""
        func key(_ mistake: SignatureMistake, _ key: String) -> SignatureVariant { Self(mistake) { $0.key = key } }
        return [scheme == .rpc ? key(.ampersandMissing, secret) : key(.ampersandAfterSecret, "\(secret)&")]
            + ["\(secret)\n", "\(secret) ", " \(secret)", "\(secret)\r\n", "\(secret)\r", "\t\(secret)", " \(secret) "]
            .map { key(.spaceAroundSecret, $0 + end) }
            + ["\"\(secret)\"", "'\(secret)'"].map { key(.quotesAroundSecret, $0 + end) }
            + [key(.idAsSecret, credential.accessKeyID + end)]
            + otherSecrets.map { key(.otherSecret, $0 + end) }
    }
}
