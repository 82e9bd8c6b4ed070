// SPDX-License-Identifier: Apache-2.0

/// A known mistake in a signature.
///
/// Later versions of the emulator can add mistakes, so a decoded value can differ from all constants below.
public struct SignatureMistake: RawRepresentable, Codable, Sendable, Hashable, CustomStringConvertible {
    /// The name in the REST API.
    public let rawValue: String

    /// Creates a mistake.
    ///
    /// - Parameter rawValue: The name in the REST API.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The name in the REST API.
    public var description: String { self.rawValue }
}

extension SignatureMistake {
    // MARK: Encoding of names and values

    /// A space as `+` instead of `%20`.
    public static let spaceAsPlus = Self(rawValue: "spaceAsPlus")
    /// `*` unencoded instead of `%2A`.
    public static let asteriskNotEncoded = Self(rawValue: "asteriskNotEncoded")
    /// `~` as `%7E` instead of unencoded.
    public static let tildeEncoded = Self(rawValue: "tildeEncoded")
    /// `!`, `'`, `(` and `)` unencoded.
    public static let punctuationNotEncoded = Self(rawValue: "punctuationNotEncoded")
    /// `/` unencoded instead of `%2F`.
    public static let slashNotEncoded = Self(rawValue: "slashNotEncoded")
    /// Percent-encodings in lower case.
    public static let lowerCaseHex = Self(rawValue: "lowerCaseHex")
    /// Form encoding: a space as `+`, `~` as `%7E` and `*` unencoded.
    public static let formEncoding = Self(rawValue: "formEncoding")
    /// The encoding of JavaScript's `encodeURIComponent`.
    public static let componentEncoding = Self(rawValue: "componentEncoding")
    /// No percent-encoding.
    public static let notEncoded = Self(rawValue: "notEncoded")
    /// Percent-encoding applied twice.
    public static let encodedTwice = Self(rawValue: "encodedTwice")
    /// The canonical query of the RPC signature not encoded a second time.
    public static let queryNotEncodedAgain = Self(rawValue: "queryNotEncodedAgain")

    // MARK: Parameters

    /// Parameters in the order of the request instead of sorted by name.
    public static let parametersNotSorted = Self(rawValue: "parametersNotSorted")
    /// The query as sent instead of decoded, sorted and encoded again.
    public static let queryAsWritten = Self(rawValue: "queryAsWritten")
    /// No query parameters in the canonical request.
    public static let queryMissing = Self(rawValue: "queryMissing")
    /// The form parameters of the body as query parameters.
    public static let formInQuery = Self(rawValue: "formInQuery")

    // MARK: Canonical request

    /// Another HTTP method than that of the request.
    public static let methodWrong = Self(rawValue: "methodWrong")
    /// An empty path instead of `/`.
    public static let pathMissing = Self(rawValue: "pathMissing")
    /// The path of the RPC signature as `/` instead of `%2F`.
    public static let pathNotEncoded = Self(rawValue: "pathNotEncoded")
    /// The host without its port.
    public static let portMissing = Self(rawValue: "portMissing")
    /// Another host than that of the request.
    public static let otherHost = Self(rawValue: "otherHost")
    /// Headers not sorted by name.
    public static let headersNotSorted = Self(rawValue: "headersNotSorted")
    /// Header names not in lower case.
    public static let headerNamesNotLowerCase = Self(rawValue: "headerNamesNotLowerCase")
    /// No empty line after the headers.
    public static let emptyLineMissing = Self(rawValue: "emptyLineMissing")
    /// Lines that end with `\r\n`.
    public static let carriageReturns = Self(rawValue: "carriageReturns")

    // MARK: Body digest

    /// The digest of an empty body for a body that is not empty.
    public static let payloadOfEmptyBody = Self(rawValue: "payloadOfEmptyBody")
    /// No body digest in the last line.
    public static let payloadMissing = Self(rawValue: "payloadMissing")
    /// A body digest in upper-case hex.
    public static let payloadUpperCase = Self(rawValue: "payloadUpperCase")
    /// The digest of another body.
    public static let payloadOfOtherBody = Self(rawValue: "payloadOfOtherBody")

    // MARK: String to sign

    /// No algorithm in the first line.
    public static let algorithmLineMissing = Self(rawValue: "algorithmLineMissing")
    /// The canonical request instead of its digest.
    public static let requestNotDigested = Self(rawValue: "requestNotDigested")

    // MARK: Key

    /// A `&` after the secret, as in the RPC signature.
    public static let ampersandAfterSecret = Self(rawValue: "ampersandAfterSecret")
    /// No `&` after the secret of the RPC signature.
    public static let ampersandMissing = Self(rawValue: "ampersandMissing")
    /// White space before or after the secret.
    public static let spaceAroundSecret = Self(rawValue: "spaceAroundSecret")
    /// Quotes around the secret.
    public static let quotesAroundSecret = Self(rawValue: "quotesAroundSecret")
    /// The secret of another AccessKey.
    public static let otherSecret = Self(rawValue: "otherSecret")
    /// The AccessKey ID as the secret.
    public static let idAsSecret = Self(rawValue: "idAsSecret")
    /// AccessKey ID and secret swapped.
    public static let idAndSecretSwapped = Self(rawValue: "idAndSecretSwapped")

    // MARK: Signature

    /// HMAC-SHA1 instead of HMAC-SHA256.
    public static let sha1 = Self(rawValue: "sha1")
    /// HMAC-SHA256 instead of HMAC-SHA1.
    public static let sha256 = Self(rawValue: "sha256")
    /// A signature in upper-case hex.
    public static let upperCaseSignature = Self(rawValue: "upperCaseSignature")
    /// A signature in base64 instead of hex.
    public static let base64Signature = Self(rawValue: "base64Signature")
    /// A signature in hex instead of base64.
    public static let hexSignature = Self(rawValue: "hexSignature")
    /// A signature in the URL without percent-encoding.
    public static let signatureNotEncoded = Self(rawValue: "signatureNotEncoded")
}
