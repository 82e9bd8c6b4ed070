import SMSKit

/// What the gateway's codes mean, as data.
///
/// Codes are compared without their `isv.` or `isp.` prefix. The numbers of the older tables shifted and are not used.
enum GatewayErrorTable {
    /// What may be done after a code.
    enum Treatment: Sendable, Hashable {
        /// The gateway refused, and would again.
        case refuse
        /// The gateway refused for now: the same request may be sent again after a pause.
        case retryLater
        /// The gateway refused the credential: a fresh one may do.
        case refreshCredential
        /// The gateway refused the time of the request: the gateway's own time may do.
        case correctClock
        /// A refusal is likely but not certain: it may be sent again only by somebody who accepts the risk.
        case likelyRefused
        /// What became of the request cannot be told.
        case uncertain
        /// The gateway has seen a request with this nonce, and what became of that one cannot be told.
        case seenBefore
    }

    /// Where a code is known from.
    enum Source: Sendable, Hashable {
        /// Alibaba's common codes of all its services, answered by the gateway in front of the service.
        case commonCodes
        /// Alibaba's table of response codes of this service, whose copies end after number 65.
        case responseCodes
        /// Alibaba's table of 2019 for the same version of the API.
        case responseCodes2019
        /// Public reports of users.
        case reports
        /// Likely by analogy with the sister services, and never seen.
        case analogy
    }

    struct Entry: Sendable, Hashable {
        var kind: SMSError.Kind
        var treatment: Treatment
        var source: Source

        init(_ kind: SMSError.Kind, _ source: Source, _ treatment: Treatment = .refuse) {
            self.kind = kind
            self.treatment = treatment
            self.source = source
        }
    }

    /// The entry for a code; codes that are not known are refusals, unless they are faults of the service.
    ///
    /// - Parameters:
    ///   - code: The code without its prefix.
    ///   - isFault: Whether the prefix was `isp.`, by which the service names its own faults.
    /// - Returns: The class of the code and what may be done after it.
    static func entry(for code: String, isFault: Bool = false) -> Entry {
        if let entry = self.exact[code] { return entry }
        if let family = self.families.first(where: { code.hasPrefix($0.prefix) }) { return family.entry }
        return isFault ? Entry(.transient, .analogy, .uncertain) : Entry(.unknown, .analogy)
    }

    /// Whether a code is in the table by its full name, and so may be a label of a metric.
    static func isKnown(_ code: String) -> Bool { self.exact[code] != nil }

    /// The longest time until a limit that refused a request admits another one, as far as its code names the window.
    ///
    /// The gateway sends a time for requests that it throttles only, and not for all of them.
    ///
    /// - Parameters:
    ///   - code: The code without its prefix.
    ///   - kind: The kind of the error.
    /// - Returns: The window of the limit; `nil` if the error is no limit or the code does not name a window.
    static func window(of code: String, _ kind: SMSError.Kind) -> Duration? {
        switch kind {
        // The gateway counts requests by the second.
        case .throttled: .seconds(1)
        case .limit: self.windows.first { code.split(separator: "_").contains($0.name[...]) }?.length
        default: nil
        }
    }

    private static let windows: [(name: String, length: Duration)] = [
        ("MINUTE", .seconds(60)), ("HOUR", .seconds(3600)), ("DAY", .seconds(86_400)), ("MONTH", .seconds(31 * 86_400)),
    ]

    static let exact: [String: Entry] = [
        // Answers of the gateway in front of the service.
        "Forbidden.RAM": Entry(.auth, .commonCodes),
        "Forbidden.RiskControl": Entry(.account, .commonCodes),
        "IncompleteSignature": Entry(.auth, .commonCodes),
        "InternalError": Entry(.transient, .commonCodes, .uncertain),
        "InvalidAccessKeyId.Inactive": Entry(.auth, .commonCodes, .refreshCredential),
        "InvalidAccessKeyId.NotFound": Entry(.auth, .commonCodes, .refreshCredential),
        "InvalidProtocol.NeedSsl": Entry(.caller, .commonCodes),
        "InvalidSecurityToken.Expired": Entry(.auth, .analogy, .refreshCredential),
        "InvalidSecurityToken.Malformed": Entry(.auth, .analogy, .refreshCredential),
        "InvalidSecurityToken.MismatchWithAccessKey": Entry(.auth, .analogy, .refreshCredential),
        "InvalidTimeStamp.Expired": Entry(.caller, .commonCodes, .correctClock),
        "MissingSecurityToken": Entry(.auth, .analogy),
        "NoPermission": Entry(.auth, .commonCodes),
        "NoSuchVersion": Entry(.caller, .commonCodes),
        "ServiceUnavailable": Entry(.transient, .commonCodes, .likelyRefused),
        "ServiceUnavailableTemporary": Entry(.transient, .commonCodes, .likelyRefused),
        "SignatureDoesNotMatch": Entry(.auth, .commonCodes),
        // Nonces are never used twice: the request came twice, by a proxy say, and the first copy may have been taken.
        "SignatureNonceUsed": Entry(.transient, .commonCodes, .seenBefore),
        "Throttling": Entry(.throttled, .commonCodes, .retryLater),
        "Throttling.Api": Entry(.throttled, .commonCodes, .retryLater),
        "Throttling.User": Entry(.throttled, .commonCodes, .retryLater),
        "UnsupportedHTTPMethod": Entry(.caller, .commonCodes),

        // Answers of the service: the request.
        "CONTENT_MISSING_PARAMETERS": Entry(.caller, .responseCodes),
        "DATA_NOT_EXIST": Entry(.caller, .responseCodes),
        "INVALID_JSON_PARAM": Entry(.caller, .responseCodes),
        "INVALID_PARAMETERS": Entry(.caller, .responseCodes),
        "MOBILE_COUNT_OVER_LIMIT": Entry(.caller, .responseCodes),
        "QUERY_DATE_ILLEGAL": Entry(.caller, .responseCodes),

        // The text, the sender and the template.
        "BLACK_KEY_CONTROL_LIMIT": Entry(.content, .responseCodes),
        "CONTENT_EXCEED_LIMIT": Entry(.content, .reports),
        "INVALID_SENDERID": Entry(.content, .responseCodes),
        "PARAM_LENGTH_LIMIT": Entry(.content, .responseCodes),
        "SENDERID_ERROR": Entry(.content, .responseCodes2019),
        "SMS_CONTENT_CODE_ILLEGAL": Entry(.content, .responseCodes),
        "SMS_CONTENT_ILLEGAL": Entry(.content, .responseCodes),
        "SMS_SECURITY_INTERCEPTED": Entry(.content, .responseCodes),
        "SMS_SIGN_NAME_ILLEGAL": Entry(.content, .responseCodes),

        // The number.
        "COUNTRY_RESTRICTED": Entry(.number, .responseCodes2019),
        "MOBILE_NUMBER_ILLEGAL": Entry(.number, .responseCodes),
        "NOT_SUPPORTED_COUNTRY": Entry(.number, .responseCodes),

        // The account, its rights and its money.
        "ACCOUNT_ABNORMAL": Entry(.account, .responseCodes2019),
        "ACCOUNT_ILLEGAL": Entry(.account, .responseCodes),
        "ACCOUNT_NOT_EXISTS": Entry(.account, .responseCodes),
        "AMOUNT_NOT_ENOUGH": Entry(.balance, .responseCodes),
        "BILLING_DEDUCTION_ERROR": Entry(.balance, .responseCodes2019),
        "FORBIDDEN_ACTION": Entry(.account, .responseCodes),
        "OUT_OF_SERVICE": Entry(.account, .responseCodes),
        "PRODUCT_NOT_SUBSCRIBED": Entry(.account, .responseCodes),
        "PRODUCT_UN_SUBSCRIPT": Entry(.account, .responseCodes2019),
        "RAM_CHECK_FAILED": Entry(.auth, .responseCodes2019),
        "RAM_PERMISSION_DENY": Entry(.auth, .responseCodes),
        "RES_OWNER_ID_UNKNOWN": Entry(.account, .responseCodes2019),

        // How much and how fast.
        "ALERT_LIMIT_DAY": Entry(.limit, .reports),
        "ALERT_LIMIT_MONTH": Entry(.limit, .reports),
        "BUSINESS_LIMIT_CONTROL_MINUTE": Entry(.limit, .responseCodes2019),
        "BUSINESS_LIMIT_CONTROL_PHONE": Entry(.limit, .responseCodes2019),
        "BUSINESS_LIMIT_DAY": Entry(.limit, .responseCodes2019),
        "BUSINESS_LIMIT_HOUR": Entry(.limit, .responseCodes2019),
        "QPS_LIMIT_CONTROL": Entry(.throttled, .responseCodes, .retryLater),

        // Faults.
        "GATEWAY_ERROR": Entry(.transient, .responseCodes2019, .uncertain),
        "ONLINE_BILLING_FAILED": Entry(.transient, .responseCodes, .likelyRefused),
        "SYSTEM_ERROR": Entry(.transient, .responseCodes, .likelyRefused),
        "UNKNOWN": Entry(.transient, .responseCodes2019, .uncertain),
    ]

    /// Codes that come with varying endings; the first prefix that fits decides.
    static let families: [(prefix: String, entry: Entry)] = [
        ("Throttling", Entry(.throttled, .commonCodes, .retryLater)),
        ("InvalidAccessKeyId", Entry(.auth, .commonCodes, .refreshCredential)),
        ("InvalidSecurityToken", Entry(.auth, .analogy, .refreshCredential)),
        ("Forbidden", Entry(.auth, .commonCodes)),
        ("InvalidSignature", Entry(.auth, .commonCodes)),
        ("BUSINESS_LIMIT", Entry(.limit, .responseCodes2019)),
        ("SENDERID_BL", Entry(.content, .responseCodes)),
        ("Invalid", Entry(.caller, .commonCodes)),
        ("Missing", Entry(.caller, .commonCodes)),
    ]
}
