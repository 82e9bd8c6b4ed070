// SPDX-License-Identifier: Apache-2.0

import OTPEnvironment

/// The variables that only the HTTP service reads.
extension Variable {
    static let apiKeys = Self(
        "OTP_API_KEYS",
        "set it to entries that 'otp api-key' prints, or to the path of a file with them",
        form: .commaList,
        secrecy: .secret
    )
    static let trustedProxies = Self(
        "OTP_TRUSTED_PROXIES",
        "set it to addresses and ranges such as 10.0.0.0/8,2001:db8::1",
        form: .commaList
    )
    static let proxyHeader = Self(
        "OTP_PROXY_HEADER",
        "set it to x-forwarded-for or forwarded",
        default: "x-forwarded-for"
    )
    static let listen = Self(
        "OTP_LISTEN",
        "set it to HOST:PORT, such as 127.0.0.1:8080 or [::1]:8080",
        default: "127.0.0.1:8080"
    )
    static let metricsListen = Self("OTP_METRICS_LISTEN", "set it to HOST:PORT, such as 127.0.0.1:9464")
    static let logFormat = Self("OTP_LOG_FORMAT", "set it to text or json", default: LogFormat.text.rawValue)
    static let logLevel = Self(
        "OTP_LOG_LEVEL",
        "set it to \(LogLevel.allCases.map(\.rawValue).joined(separator: ", "))",
        default: LogLevel.notice.rawValue
    )
    static let drainDelay = Self("OTP_DRAIN_DELAY", "set it to a number of seconds from 0 to 600", default: "0")

    static let reportPathSecret = Self(
        "OTP_REPORT_PATH_SECRET",
        "set it to 16 to 128 random letters, digits, hyphens and underscores",
        secrecy: .secret
    )
    static let webhookURL = Self(
        "OTP_WEBHOOK_URL",
        "set it to the https URL of your receiver, or set OTP_WEBHOOK_ALLOW_PRIVATE=true for a receiver in your network",
        secrecy: .secret
    )
    static let webhookSecret = Self(
        "OTP_WEBHOOK_SECRET",
        "set it to whsec_BASE64 with 24 to 64 random bytes, or to several such secrets",
        form: .commaList,
        secrecy: .secret
    )
    static let webhookAllowPrivate = Self(
        "OTP_WEBHOOK_ALLOW_PRIVATE",
        "set it to true or false",
        default: "false"
    )

    /// The variables of `otp serve`, in the order of the documentation.
    static let server: [Self] = [
        .apiKeys, .trustedProxies, .proxyHeader, .listen, .metricsListen, .logFormat, .logLevel, .drainDelay,
        .reportPathSecret, .webhookURL, .webhookSecret, .webhookAllowPrivate,
    ]
}

/// The variables for the emulator's inbox.
extension Variable {
    static let inboxURL = Self(
        "OTP_INBOX_URL",
        "set it to the URL that 'otp demo' or 'otp emulator' prints",
        secrecy: .url
    )
    static let inboxNamespace = Self("OTP_INBOX_NAMESPACE")
    static let inboxToken = Self("OTP_INBOX_TOKEN", secrecy: .secret)

    /// The variables of `otp inbox`, in the order of the documentation.
    static let inbox: [Self] = [.inboxURL, .inboxNamespace, .inboxToken]
}

extension Variable {
    static let settingsFile = Self("OTP_CONFIG", "set it to the path of a YAML file with settings")
    static let secretsDirectory = Self(
        "OTP_SECRETS_DIRECTORY",
        "set it to a directory with one file for each secret",
        default: "/run/secrets"
    )

    /// The variables with the locations of the settings file and the secret files.
    ///
    /// Only options and the environment can set these variables.
    static let sources: [Self] = [.settingsFile, .secretsDirectory]

    /// All variables that options, secret files and YAML files can set.
    static let command: [Self] = Self.all + Self.server + Self.inbox
}
