/// A known mistake in the making of a signature.
public enum SignatureMistake: String, Codable, Sendable, Hashable, CaseIterable {
    // The encoding of names and values
    case spaceAsPlus
    case asteriskNotEncoded
    case tildeEncoded
    case punctuationNotEncoded
    case slashNotEncoded
    case lowerCaseHex
    case formEncoding
    case componentEncoding
    case notEncoded
    case encodedTwice
    case queryNotEncodedAgain
    // The parameters
    case parametersNotSorted
    case queryAsWritten
    case queryMissing
    case formInQuery
    // The lines of the canonical request
    case methodWrong
    case pathMissing
    case pathNotEncoded
    case portMissing
    case otherHost
    case headersNotSorted
    case headerNamesNotLowerCase
    case emptyLineMissing
    case carriageReturns
    // The digest of the body
    case payloadOfEmptyBody
    case payloadMissing
    case payloadUpperCase
    case payloadOfOtherBody
    // The text that is signed
    case algorithmLineMissing
    case requestNotDigested
    // The key
    case ampersandAfterSecret
    case ampersandMissing
    case spaceAroundSecret
    case quotesAroundSecret
    case otherSecret
    case idAsSecret
    case idAndSecretSwapped
    // The signature itself
    case sha1
    case sha256
    case upperCaseSignature
    case base64Signature
    case hexSignature
    case signatureNotEncoded

    /// What was done and what ought to have been done, as a sentence without an end; it quotes nothing of the request.
    public var summary: String {
        switch self {
        case .spaceAsPlus: "a space was signed as + instead of %20"
        case .asteriskNotEncoded: "* was left as it is instead of being signed as %2A"
        case .tildeEncoded: "~ was signed as %7E instead of being left as it is"
        case .punctuationNotEncoded: "! ' ( ) were left as they are instead of being signed as %21 %27 %28 %29"
        case .slashNotEncoded: "/ was left as it is instead of being signed as %2F"
        case .lowerCaseHex: "escapes were signed with lower-case digits such as %2f instead of %2F"
        case .formEncoding: "values were signed as a form encodes them: space as +, ~ as %7E, and * as it is"
        case .componentEncoding: "values were signed as encodeURIComponent writes them: ! ' ( ) * as they are"
        case .notEncoded: "names and values were signed without being percent-encoded"
        case .encodedTwice: "names and values were percent-encoded twice"
        case .queryNotEncodedAgain: "the canonical query was not percent-encoded once more in the string to sign"
        case .parametersNotSorted: "the parameters were signed in the order of the request instead of sorted by name"
        case .queryAsWritten: "the query was signed as it stands in the URL instead of decoded, sorted and encoded"
        case .queryMissing: "the parameters of the URL were left out of the canonical request"
        case .formInQuery: "the parameters of the body were signed as if they stood in the URL"
        case .methodWrong: "another HTTP method was signed than the one that was used"
        case .pathMissing: "the path was signed as empty instead of /"
        case .pathNotEncoded: "the path was signed as / instead of %2F"
        case .portMissing: "the host was signed without its port"
        case .otherHost: "another host was signed than the one of the request"
        case .headersNotSorted: "the headers were signed in another order than sorted by name"
        case .headerNamesNotLowerCase: "the names of the headers were not signed in lower case"
        case .emptyLineMissing: "the empty line behind the headers of the canonical request is missing"
        case .carriageReturns: "lines were ended with \\r\\n instead of \\n"
        case .payloadOfEmptyBody: "the digest of an empty body was signed, but the body is not empty"
        case .payloadMissing: "the digest of the body is missing in the last line of the canonical request"
        case .payloadUpperCase: "the digest of the body was written in upper-case instead of lower-case hex"
        case .payloadOfOtherBody: "the digest of another body was signed than the one that was sent"
        case .algorithmLineMissing: "the string to sign does not begin with the line ACS3-HMAC-SHA256"
        case .requestNotDigested: "the canonical request itself was signed instead of its SHA-256 digest"
        case .ampersandAfterSecret: "the secret was used with an & at its end, as only the older method wants it"
        case .ampersandMissing: "the secret was used without the & at its end"
        case .spaceAroundSecret: "the secret was used with white space around it, such as the end of a line"
        case .quotesAroundSecret: "the secret was used with quotes around it"
        case .otherSecret: "the secret of another AccessKey was used"
        case .idAsSecret: "the AccessKey ID was used in place of the secret"
        case .idAndSecretSwapped: "AccessKey ID and secret are swapped"
        case .sha1: "HMAC-SHA1 was used instead of HMAC-SHA256"
        case .sha256: "HMAC-SHA256 was used instead of HMAC-SHA1"
        case .upperCaseSignature: "the signature was written in upper-case instead of lower-case hex"
        case .base64Signature: "the signature was written in base64 instead of lower-case hex"
        case .hexSignature: "the signature was written in hex instead of base64"
        case .signatureNotEncoded: "the signature was not percent-encoded in the URL, so that its + became a space"
        }
    }
}
