// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import Foundation
import OTP
import SMSKit
import SiteVerify

/// A setting: its environment variable, its key in a YAML file, and the remedy for a missing or invalid value.
///
/// To add a setting, add one entry to a table of variables. The setting can then be read from options, the environment, secret
/// files and YAML, and `otp config` shows it.
package struct Variable: Sendable, Hashable {
    /// The format of a value in the environment and in YAML.
    package enum Form: Sendable, Hashable {
        /// A text or a number, which is a scalar in the YAML file of settings.
        case text
        /// A list of entries with a separator.
        ///
        /// In the YAML file of settings, the value can also be a sequence of the entries.
        case list(separator: String)
        /// A JSON document, or the path of a file with the document.
        ///
        /// In the YAML file of settings, the value can also be a mapping with the contents of the document.
        case document

        /// A comma-separated list.
        package static var commaList: Self { .list(separator: ",") }
    }

    /// The parts of a value that `otp config` and errors may show.
    package enum Secrecy: Sendable, Hashable {
        /// The whole value may be shown.
        case none
        /// The value is a URL, which may be shown without its user name, password and query.
        case url
        /// No part of the value may be shown.
        case secret
    }

    /// The name of the environment variable.
    package let name: String

    /// The remedy in error messages, as an imperative; `nil` if the text about the problem contains the remedy.
    package let remedy: String?

    /// A second name of the variable, such as the name in lower case; `nil` for no second name.
    package let alias: String?

    /// The format of the value.
    package let form: Form

    /// The parts of the value that may be shown.
    package let secrecy: Secrecy

    private let fixedDefault: String?

    /// Creates a variable.
    ///
    /// - Parameters:
    ///   - name: The name of the environment variable.
    ///   - remedy: The remedy in error messages, as an imperative; `nil` if the text about the problem contains the remedy.
    ///   - alias: A second name of the variable; `nil` for no second name.
    ///   - form: The format of the value.
    ///   - secrecy: The parts of the value that may be shown.
    ///   - value: The default value; `nil` for no default value.
    package init(
        _ name: String,
        _ remedy: String? = nil,
        alias: String? = nil,
        form: Form = .text,
        secrecy: Secrecy = .none,
        default value: String? = nil
    ) {
        self.name = name
        self.alias = alias
        self.form = form
        self.secrecy = secrecy
        self.fixedDefault = value
        self.remedy = remedy
    }

    /// The name and its alias.
    var names: [String] { [self.name] + [self.alias].compactMap(\.self) }

    /// The key of the setting in a YAML file: the name in camel case without `OTP_`, such as `maximumSegments`.
    package var key: String {
        let words = self.name.split(separator: "_")
        let first = words.first == "OTP" ? 1 : 0
        return words[first].lowercased() + words.dropFirst(first + 1).map(\.capitalized).joined()
    }

    /// The default value as text; `nil` for no default value.
    package var defaultText: String? {
        self.fixedDefault ?? PolicySetting.all.first { $0.variable == self }?.defaultText
    }
}

extension Variable {
    package static let redisURL = Self(
        "OTP_REDIS_URL",
        "set it to a shared Redis, such as redis://host:6379",
        secrecy: .url
    )
    package static let keys = Self(
        "OTP_KEYS",
        "set it to code/NAME:BASE64,index/NAME:BASE64 with 32 random bytes each, as 'otp keys' prints it",
        form: .commaList,
        secrecy: .secret
    )
    package static let countries = Self(
        "OTP_COUNTRIES",
        "set it to the regions to which codes are sent, such as SG,GB, or to all",
        form: .commaList
    )
    package static let numberKinds = Self(
        "OTP_NUMBER_KINDS",
        "set it to some of \(PhoneNumber.Kind.all.map(\.description).joined(separator: ","))",
        form: .commaList,
        default: OTPPolicy(destinations: []).kinds.map(\.description).sorted().joined(separator: ",")
    )
    package static let numberingPlan = Self(
        "OTP_NUMBERING_PLAN",
        "set it to entries such as BJ 01 10 mobile; FJ * 7-8",
        form: .list(separator: ";")
    )
    package static let testNumbers = Self(
        "OTP_TEST_NUMBERS",
        "unset it, or set OTP_PROFILE to test and the variable to entries such as +447700900123=123456@2027-01-31",
        form: .commaList,
        secrecy: .secret
    )
    package static let brand = Self("OTP_BRAND", default: "swift-otp")
    package static let origin = Self("OTP_ORIGIN")
    package static let languages = Self("OTP_LANGUAGES", "correct the entry, or unset the variable", form: .commaList)
    package static let texts = Self("OTP_TEXTS", form: .document)
    package static let maximumSegments = Self("OTP_MAXIMUM_SEGMENTS", "set it to a number from 1 to 8", default: "1")
    package static let sendGuard = Self(
        "OTP_GUARD",
        "set it to a JSON file with the policy of the guard, see Docs/GuardRules.md",
        form: .document
    )
    package static let humanCheck = Self(
        "OTP_HUMAN_CHECK",
        "set it to \(SiteVerifyProvider.all.map(\.description).joined(separator: ", ")), and set OTP_GUARD"
    )
    package static let humanCheckSecret = Self(
        "OTP_HUMAN_CHECK_SECRET",
        "set it to the secret key of the site, or set OTP_HUMAN_CHECK_SECRET_FILE to a file with the key",
        secrecy: .secret
    )
    package static let humanCheckSecretFile = Self(
        "OTP_HUMAN_CHECK_SECRET_FILE",
        "set it to a file with the secret key of the site, or set OTP_HUMAN_CHECK_SECRET to the key"
    )
    package static let humanCheckHostnames = Self(
        "OTP_HUMAN_CHECK_HOSTNAMES",
        "set it to the host names of the pages with the check, such as example.com,www.example.com",
        form: .commaList
    )
    package static let audit = Self("OTP_AUDIT", "set it to log, to redis, or to log,redis", form: .commaList)
    package static let profile = Self(
        "OTP_PROFILE",
        "set it to production, development or test",
        default: OTPPolicy.Profile.development.rawValue
    )
}

extension Variable {
    package static let smsEndpoint = Self(
        "OTP_SMS_ENDPOINT",
        secrecy: .url,
        default: AlibabaSMSConfiguration().endpoint
    )
    package static let allowPlaintext = Self(
        "OTP_ALLOW_PLAINTEXT_ENDPOINT",
        "set it to true or false",
        default: "false"
    )
    package static let senderID = Self("OTP_SMS_SENDER_ID")
    package static let accessKeyID = Self(
        "ALIBABA_CLOUD_ACCESS_KEY_ID",
        "set it to the AccessKey ID that signs requests",
        secrecy: .secret
    )
    package static let accessKeySecret = Self(
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
        "set it to the secret of the AccessKey that signs requests",
        secrecy: .secret
    )
    package static let securityToken = Self("ALIBABA_CLOUD_SECURITY_TOKEN", secrecy: .secret)
    package static let proxy = Self("HTTPS_PROXY", alias: "https_proxy", secrecy: .url)
    package static let proxyExceptions = Self(
        "NO_PROXY",
        "correct the entry, or remove it",
        alias: "no_proxy",
        form: .commaList
    )
    package static let stsEndpoint = Self("OTP_STS_ENDPOINT", secrecy: .url)
    package static let metadataEndpoint = Self("OTP_METADATA_ENDPOINT", secrecy: .url)

    /// All variables of the library, in the order of the documentation.
    package static let all: [Self] =
        [
            .redisURL, .keys, .countries, .numberKinds, .numberingPlan, .brand, .origin, .languages, .texts,
            .maximumSegments,
        ] + PolicySetting.all.map(\.variable) + [
            .sendGuard, .humanCheck, .humanCheckSecret, .humanCheckSecretFile, .humanCheckHostnames, .audit, .profile,
            .testNumbers, .smsEndpoint, .allowPlaintext, .senderID, .accessKeyID, .accessKeySecret, .securityToken,
            .proxy, .proxyExceptions, .stsEndpoint, .metadataEndpoint,
        ]
}
