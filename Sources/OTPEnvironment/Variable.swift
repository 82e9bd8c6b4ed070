// SPDX-License-Identifier: Apache-2.0

import SMSKit
import SiteVerify

/// An environment variable, and the remedy for a missing or invalid value.
struct Variable: Sendable, Hashable {
    let name: String

    /// The end of an error message, as an imperative; `nil` if the descriptions of the problems already state the remedy.
    let remedy: String?

    /// Another spelling of the name, such as lower case; `nil` if there is none.
    let alias: String?

    /// The name and its alias.
    var names: [String] { [self.name] + [self.alias].compactMap(\.self) }

    private init(_ name: String, alias: String? = nil, _ remedy: String? = nil) {
        self.name = name
        self.alias = alias
        self.remedy = remedy
    }
}

extension Variable {
    static let redisURL = Self("OTP_REDIS_URL", "set it to a shared Redis, such as redis://host:6379")
    static let keys = Self(
        "OTP_KEYS",
        "set it to code/NAME:BASE64,index/NAME:BASE64 with 32 random bytes each, as 'otp keys' prints it"
    )
    static let countries = Self(
        "OTP_COUNTRIES",
        "set it to the regions to which codes are sent, such as SG,GB, or to all"
    )
    static let numberKinds = Self(
        "OTP_NUMBER_KINDS",
        "set it to some of \(PhoneNumber.Kind.all.map(\.description).joined(separator: ","))"
    )
    static let numberingPlan = Self("OTP_NUMBERING_PLAN", "set it to entries such as BJ 01 10 mobile; FJ * 7-8")
    static let testNumbers = Self(
        "OTP_TEST_NUMBERS",
        "unset it, or set OTP_PROFILE to test and the variable to entries such as +447700900123=123456@2027-01-31"
    )
    static let brand = Self("OTP_BRAND")
    static let origin = Self("OTP_ORIGIN")
    static let languages = Self("OTP_LANGUAGES", "correct the entry, or unset the variable")
    static let texts = Self("OTP_TEXTS")
    static let maximumSegments = Self("OTP_MAXIMUM_SEGMENTS", "set it to a number from 1 to 8")
    static let resend = Self("OTP_RESEND", "set it to repeat or renew")
    static let deviceLane = Self("OTP_DEVICE_LANE", "set it to on or off")
    static let sendGuard = Self("OTP_GUARD", "set it to a JSON file with the policy of the guard, see Docs/Guard.md")
    static let humanCheck = Self(
        "OTP_HUMAN_CHECK",
        "set it to \(SiteVerifyProvider.all.map(\.description).joined(separator: ", ")), and set OTP_GUARD"
    )
    static let humanCheckSecret = Self(
        "OTP_HUMAN_CHECK_SECRET",
        "set it to the secret key of the site, or set OTP_HUMAN_CHECK_SECRET_FILE to a file with the key"
    )
    static let humanCheckSecretFile = Self(
        "OTP_HUMAN_CHECK_SECRET_FILE",
        "set it to a file with the secret key of the site, or set OTP_HUMAN_CHECK_SECRET to the key"
    )
    static let humanCheckHostnames = Self(
        "OTP_HUMAN_CHECK_HOSTNAMES",
        "set it to the host names of the pages with the check, such as example.com,www.example.com"
    )
    static let audit = Self("OTP_AUDIT", "set it to log, to redis, or to log,redis")
    static let profile = Self("OTP_PROFILE", "set it to production, development or test")
}

extension Variable {
    static let smsEndpoint = Self("OTP_SMS_ENDPOINT")
    static let allowPlaintext = Self("OTP_ALLOW_PLAINTEXT_ENDPOINT", "set it to true or false")
    static let senderID = Self("OTP_SMS_SENDER_ID")
    static let accessKeyID = Self("ALIBABA_CLOUD_ACCESS_KEY_ID", "set it to the AccessKey ID that signs requests")
    static let accessKeySecret = Self(
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
        "set it to the secret of the AccessKey that signs requests"
    )
    static let securityToken = Self("ALIBABA_CLOUD_SECURITY_TOKEN")
    static let proxy = Self("HTTPS_PROXY", alias: "https_proxy")
    static let proxyExceptions = Self("NO_PROXY", alias: "no_proxy", "correct the entry, or remove it")
    static let stsEndpoint = Self("OTP_STS_ENDPOINT")
    static let metadataEndpoint = Self("OTP_METADATA_ENDPOINT")

    /// All variables, in the order of the documentation.
    static let all: [Self] = [
        .redisURL, .keys, .countries, .numberKinds, .numberingPlan, .brand, .origin, .languages, .texts,
        .maximumSegments, .resend, .deviceLane, .sendGuard, .humanCheck, .humanCheckSecret, .humanCheckSecretFile,
        .humanCheckHostnames, .audit, .profile, .testNumbers, .smsEndpoint, .allowPlaintext, .senderID, .accessKeyID,
        .accessKeySecret, .securityToken, .proxy, .proxyExceptions, .stsEndpoint, .metadataEndpoint,
    ]
}
