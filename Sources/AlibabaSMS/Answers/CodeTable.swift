import SMS

/// What the gateway's codes mean, as data.
///
/// Codes are compared without their `isv.` or `isp.` prefix. The numbers of the older tables shifted and are not used.
enum CodeTable {
    /// What may be done after a code.
    enum Treatment: Sendable, Hashable {
        /// The gateway refused, and would again.
        case refuse
        /// The gateway refused for now: the same request may be sent again after a pause.
        case retryLater
        /// A refusal is likely but not certain.
        case uncertain
    }

    struct Entry: Sendable, Hashable {
        var errorClass: SMSError.Class
        var treatment: Treatment

        init(_ errorClass: SMSError.Class, _ treatment: Treatment = .refuse) {
            self.errorClass = errorClass
            self.treatment = treatment
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
        return isFault ? Entry(.transient, .uncertain) : Entry(.unknown)
    }

    static let exact: [String: Entry] = [
        // Answers of the gateway in front of the service.
        "IncompleteSignature": Entry(.auth),
        "SignatureDoesNotMatch": Entry(.auth),
        // Nonces are never used twice: the request came twice, by a proxy say, and the first copy may have been taken.
        "SignatureNonceUsed": Entry(.transient, .uncertain),
        "Forbidden.RiskControl": Entry(.account),
        "MissingSecurityToken": Entry(.auth),
        "NoPermission": Entry(.auth),
        "NoSuchVersion": Entry(.caller),
        "UnsupportedHTTPMethod": Entry(.caller),
        "ServiceUnavailable": Entry(.transient, .uncertain),
        "ServiceUnavailableTemporary": Entry(.transient, .uncertain),
        "InternalError": Entry(.transient, .uncertain),

        // Answers of the service: the request.
        "CONTENT_MISSING_PARAMETERS": Entry(.caller),
        "DATA_NOT_EXIST": Entry(.caller),
        "INVALID_JSON_PARAM": Entry(.caller),
        "INVALID_PARAMETERS": Entry(.caller),
        "MOBILE_COUNT_OVER_LIMIT": Entry(.caller),
        "QUERY_DATE_ILLEGAL": Entry(.caller),

        // The text, the sender and the template.
        "BLACK_KEY_CONTROL_LIMIT": Entry(.content),
        "CONTENT_EXCEED_LIMIT": Entry(.content),
        "INVALID_SENDERID": Entry(.content),
        "PARAM_LENGTH_LIMIT": Entry(.content),
        "SENDERID_ERROR": Entry(.content),
        "SMS_CONTENT_CODE_ILLEGAL": Entry(.content),
        "SMS_CONTENT_ILLEGAL": Entry(.content),
        "SMS_SECURITY_INTERCEPTED": Entry(.content),
        "SMS_SIGN_NAME_ILLEGAL": Entry(.content),

        // The number.
        "COUNTRY_RESTRICTED": Entry(.number),
        "MOBILE_NUMBER_ILLEGAL": Entry(.number),
        "NOT_SUPPORTED_COUNTRY": Entry(.number),

        // The account, its rights and its money.
        "ACCOUNT_ABNORMAL": Entry(.account),
        "ACCOUNT_ILLEGAL": Entry(.account),
        "ACCOUNT_NOT_EXISTS": Entry(.account),
        "AMOUNT_NOT_ENOUGH": Entry(.balance),
        "BILLING_DEDUCTION_ERROR": Entry(.balance),
        "FORBIDDEN_ACTION": Entry(.account),
        "OUT_OF_SERVICE": Entry(.account),
        "PRODUCT_NOT_SUBSCRIBED": Entry(.account),
        "PRODUCT_UN_SUBSCRIPT": Entry(.account),
        "RAM_CHECK_FAILED": Entry(.auth),
        "RAM_PERMISSION_DENY": Entry(.auth),
        "RES_OWNER_ID_UNKNOWN": Entry(.account),

        // How much and how fast.
        "ALERT_LIMIT_DAY": Entry(.limit),
        "ALERT_LIMIT_MONTH": Entry(.limit),
        "QPS_LIMIT_CONTROL": Entry(.throttled, .retryLater),

        // Faults.
        "GATEWAY_ERROR": Entry(.transient, .uncertain),
        "ONLINE_BILLING_FAILED": Entry(.transient, .uncertain),
        "SYSTEM_ERROR": Entry(.transient, .uncertain),
        "UNKNOWN": Entry(.transient, .uncertain),
    ]

    /// Codes that come with varying endings; the first prefix that fits decides.
    static let families: [(prefix: String, entry: Entry)] = [
        ("Throttling", Entry(.throttled, .retryLater)),
        ("InvalidAccessKeyId", Entry(.auth)),
        ("InvalidSecurityToken", Entry(.auth)),
        ("Forbidden", Entry(.auth)),
        ("InvalidSignature", Entry(.auth)),
        ("BUSINESS_LIMIT", Entry(.limit)),
        ("SENDERID_BL", Entry(.content)),
        ("Invalid", Entry(.caller)),
        ("Missing", Entry(.caller)),
    ]
}
