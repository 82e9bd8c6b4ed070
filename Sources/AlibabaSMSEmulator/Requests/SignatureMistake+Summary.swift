// SPDX-License-Identifier: Apache-2.0

extension SignatureMistake {
    /// All mistakes that this version of the emulator can diagnose.
    public static let known: [Self] = Self.table.map(\.mistake)

    /// An explanation for the developer of the client, in lower case and without a final period.
    ///
    /// The explanation contains no text of the request. The explanation of an unknown mistake is its name.
    public var summary: String { Self.summaries[self] ?? self.rawValue }

    private static let summaries = Dictionary(uniqueKeysWithValues: Self.table.map { ($0.mistake, $0.summary) })

    private static let table: [(mistake: Self, summary: String)] = [
        (.spaceAsPlus, "a space was signed as + instead of %20"),
        (.asteriskNotEncoded, "* was signed unencoded instead of as %2A"),
        (.tildeEncoded, "~ was signed as %7E instead of unencoded"),
        (.punctuationNotEncoded, "! ' ( ) were signed unencoded instead of as %21 %27 %28 %29"),
        (.slashNotEncoded, "/ was signed unencoded instead of as %2F"),
        (.lowerCaseHex, "percent-encodings were signed in lower case such as %2f instead of %2F"),
        (.formEncoding, "values were signed with form encoding: space as +, ~ as %7E and * unencoded"),
        (.componentEncoding, "values were signed in the encoding of encodeURIComponent: ! ' ( ) * unencoded"),
        (.notEncoded, "names and values were signed without percent-encoding"),
        (.encodedTwice, "names and values were percent-encoded twice"),
        (.queryNotEncodedAgain, "the canonical query was not percent-encoded again in the string to sign"),
        (.parametersNotSorted, "the parameters were signed in the order of the request instead of sorted by name"),
        (.queryAsWritten, "the query was signed as sent instead of decoded, sorted and encoded again"),
        (.queryMissing, "the query parameters are missing in the canonical request"),
        (.formInQuery, "the form parameters of the body were signed as query parameters"),
        (.methodWrong, "the signed HTTP method differs from the method of the request"),
        (.pathMissing, "the path was signed as empty instead of /"),
        (.pathNotEncoded, "the path was signed as / instead of %2F"),
        (.portMissing, "the host was signed without its port"),
        (.otherHost, "the signed host differs from the host of the request"),
        (.headersNotSorted, "the headers were signed in another order than sorted by name"),
        (.headerNamesNotLowerCase, "the header names were not signed in lower case"),
        (.emptyLineMissing, "the empty line after the headers of the canonical request is missing"),
        (.carriageReturns, "lines end with \\r\\n instead of \\n"),
        (.payloadOfEmptyBody, "the digest of an empty body was signed, but the body is not empty"),
        (.payloadMissing, "the body digest is missing in the last line of the canonical request"),
        (.payloadUpperCase, "the body digest was signed in upper-case instead of lower-case hex"),
        (.payloadOfOtherBody, "the signed body digest is that of another body"),
        (.algorithmLineMissing, "the string to sign does not begin with the line ACS3-HMAC-SHA256"),
        (.requestNotDigested, "the canonical request was signed instead of its SHA-256 digest"),
        (.ampersandAfterSecret, "the key ends with &, which belongs to the RPC signature only"),
        (.ampersandMissing, "the key does not end with &"),
        (.spaceAroundSecret, "the secret has leading or trailing white space, such as a line break"),
        (.quotesAroundSecret, "the secret is enclosed in quotes"),
        (.otherSecret, "the secret belongs to another AccessKey"),
        (.idAsSecret, "the AccessKey ID was used as the secret"),
        (.idAndSecretSwapped, "AccessKey ID and secret are swapped"),
        (.sha1, "HMAC-SHA1 was used instead of HMAC-SHA256"),
        (.sha256, "HMAC-SHA256 was used instead of HMAC-SHA1"),
        (.upperCaseSignature, "the signature is in upper-case instead of lower-case hex"),
        (.base64Signature, "the signature is in base64 instead of lower-case hex"),
        (.hexSignature, "the signature is in hex instead of base64"),
        (.signatureNotEncoded, "the signature was not percent-encoded in the URL, so its + became a space"),
    ]
}
