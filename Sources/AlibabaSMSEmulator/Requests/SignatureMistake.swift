// SPDX-License-Identifier: Apache-2.0

/// A known mistake in a signature.
///
/// Later versions of the emulator may return other mistakes.
public struct SignatureMistake: RawRepresentable, Codable, Sendable, Hashable, CustomStringConvertible {
    /// The name of the mistake in the REST API.
    public let rawValue: String

    /// Creates a mistake.
    ///
    /// - Parameter rawValue: The name of the mistake in the REST API.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The name of the mistake in the REST API.
    public var description: String { self.rawValue }
}

extension SignatureMistake {
    // MARK: Encoding of names and values

    /// The client signed a space as `+` instead of `%20`.
    public static let spaceAsPlus = Self(rawValue: "spaceAsPlus")
    /// The client signed `*` unencoded instead of as `%2A`.
    public static let asteriskNotEncoded = Self(rawValue: "asteriskNotEncoded")
    /// The client signed `~` as `%7E` instead of unencoded.
    public static let tildeEncoded = Self(rawValue: "tildeEncoded")
    /// The client signed `!`, `'`, `(` and `)` unencoded.
    public static let punctuationNotEncoded = Self(rawValue: "punctuationNotEncoded")
    /// The client signed `/` unencoded instead of as `%2F`.
    public static let slashNotEncoded = Self(rawValue: "slashNotEncoded")
    /// The client signed percent-encodings in lower case.
    public static let lowerCaseHex = Self(rawValue: "lowerCaseHex")
    /// The client used form encoding, with a space as `+`, `~` as `%7E`, and `*` unencoded.
    public static let formEncoding = Self(rawValue: "formEncoding")
    /// The client used the encoding of JavaScript's `encodeURIComponent`.
    public static let componentEncoding = Self(rawValue: "componentEncoding")
    /// The client did not percent-encode names and values.
    public static let notEncoded = Self(rawValue: "notEncoded")
    /// The client percent-encoded names and values twice.
    public static let encodedTwice = Self(rawValue: "encodedTwice")
    /// The client did not encode the canonical query of the RPC signature a second time.
    public static let queryNotEncodedAgain = Self(rawValue: "queryNotEncodedAgain")

    // MARK: Parameters

    /// The client signed the parameters in the order of the request instead of sorted by name.
    public static let parametersNotSorted = Self(rawValue: "parametersNotSorted")
    /// The client signed the query as it was sent, instead of decoding, sorting and encoding it.
    public static let queryAsWritten = Self(rawValue: "queryAsWritten")
    /// The client omitted the query parameters from the canonical request.
    public static let queryMissing = Self(rawValue: "queryMissing")
    /// The client signed the form parameters of the body as query parameters.
    public static let formInQuery = Self(rawValue: "formInQuery")

    // MARK: Canonical request

    /// The client signed an HTTP method that differs from the method of the request.
    public static let methodWrong = Self(rawValue: "methodWrong")
    /// The client signed an empty path instead of `/`.
    public static let pathMissing = Self(rawValue: "pathMissing")
    /// For an RPC signature, the client wrote the path in the signed text as `/` instead of `%2F`.
    public static let pathNotEncoded = Self(rawValue: "pathNotEncoded")
    /// The client signed the host without its port.
    public static let portMissing = Self(rawValue: "portMissing")
    /// The client signed a host that differs from the host of the request.
    public static let otherHost = Self(rawValue: "otherHost")
    /// The client did not sort the headers by name.
    public static let headersNotSorted = Self(rawValue: "headersNotSorted")
    /// The client did not convert the header names to lower case.
    public static let headerNamesNotLowerCase = Self(rawValue: "headerNamesNotLowerCase")
    /// The client omitted the empty line after the headers of the canonical request.
    public static let emptyLineMissing = Self(rawValue: "emptyLineMissing")
    /// The client ended lines with `\r\n` instead of `\n`.
    public static let carriageReturns = Self(rawValue: "carriageReturns")

    // MARK: Body digest

    /// The client signed the digest of an empty body, but the body is not empty.
    public static let payloadOfEmptyBody = Self(rawValue: "payloadOfEmptyBody")
    /// The client omitted the body digest, which is the last line of the canonical request.
    public static let payloadMissing = Self(rawValue: "payloadMissing")
    /// The client signed the body digest in upper-case hex.
    public static let payloadUpperCase = Self(rawValue: "payloadUpperCase")
    /// The client signed the digest of a body that differs from the body of the request.
    public static let payloadOfOtherBody = Self(rawValue: "payloadOfOtherBody")

    // MARK: String to sign

    /// The client omitted the algorithm, which is the first line of the string to sign.
    public static let algorithmLineMissing = Self(rawValue: "algorithmLineMissing")
    /// The client signed the canonical request instead of its digest.
    public static let requestNotDigested = Self(rawValue: "requestNotDigested")

    // MARK: Key

    /// The client appended `&` to the secret of the V3 signature; only the RPC signature requires `&`.
    public static let ampersandAfterSecret = Self(rawValue: "ampersandAfterSecret")
    /// The client did not append `&` to the secret of the RPC signature.
    public static let ampersandMissing = Self(rawValue: "ampersandMissing")
    /// The client's secret begins or ends with white space.
    public static let spaceAroundSecret = Self(rawValue: "spaceAroundSecret")
    /// The client's secret has quotes around it.
    public static let quotesAroundSecret = Self(rawValue: "quotesAroundSecret")
    /// The client used the secret of another AccessKey.
    public static let otherSecret = Self(rawValue: "otherSecret")
    /// The client used the AccessKey ID as the secret.
    public static let idAsSecret = Self(rawValue: "idAsSecret")
    /// The client swapped the AccessKey ID and the secret.
    public static let idAndSecretSwapped = Self(rawValue: "idAndSecretSwapped")

    // MARK: Signature

    /// The client used HMAC-SHA1 instead of HMAC-SHA256.
    public static let sha1 = Self(rawValue: "sha1")
    /// The client used HMAC-SHA256 instead of HMAC-SHA1.
    public static let sha256 = Self(rawValue: "sha256")
    /// The client sent the signature in upper-case hex.
    public static let upperCaseSignature = Self(rawValue: "upperCaseSignature")
    /// The client sent the signature in base64 instead of hex.
    public static let base64Signature = Self(rawValue: "base64Signature")
    /// The client sent the signature in hex instead of base64.
    public static let hexSignature = Self(rawValue: "hexSignature")
    /// The client did not percent-encode the signature in the URL.
    public static let signatureNotEncoded = Self(rawValue: "signatureNotEncoded")
}
