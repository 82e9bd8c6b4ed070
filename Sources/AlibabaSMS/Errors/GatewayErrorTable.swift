// SPDX-License-Identifier: Apache-2.0

import SMSKit

/// The gateway's error codes, with their kind and treatment.
///
/// Codes are compared without their `isv.` or `isp.` prefix. The numbers of Alibaba's older tables changed over time and are
/// not used.
enum GatewayErrorTable {
    /// The treatment of a request after a code.
    enum Treatment: Sendable, Hashable {
        /// Rejected: a retry would be rejected, too.
        case reject
        /// Rejected for now: a retry after a back-off may succeed.
        case retryLater
        /// The credential was rejected: a retry with a new one may succeed.
        case refreshCredential
        /// The timestamp was rejected: a retry with the gateway's time may succeed.
        case correctClock
        /// Likely, but not certainly, rejected: a retry may send a second message.
        case likelyRejected
        /// The outcome is unknown.
        case uncertain
        /// The gateway has seen the nonce before. The outcome of the earlier request is unknown.
        case seenBefore
    }

    /// The origin of the knowledge about a code.
    enum Source: Sendable, Hashable {
        /// Alibaba's common codes of all services, returned by the API gateway in front of the service.
        case commonCodes
        /// Alibaba's table of response codes of this service; the published copies end after number 65.
        case responseCodes
        /// Alibaba's table of 2019 for the same API version.
        case responseCodes2019
        /// Published reports of users.
        case reports
        /// Analogy with similar services of Alibaba; never observed.
        case analogy
    }

    struct Entry: Sendable, Hashable {
        var kind: SMSError.Kind
        var treatment: Treatment
        var source: Source

        init(_ kind: SMSError.Kind, _ source: Source, _ treatment: Treatment = .reject) {
            self.kind = kind
            self.treatment = treatment
            self.source = source
        }
    }

    /// Returns the entry of a code.
    ///
    /// Unknown codes are rejections, unless they are faults of the service.
    ///
    /// - Parameters:
    ///   - code: The code without its prefix.
    ///   - isFault: Whether the prefix was `isp.`, which marks faults of the service.
    /// - Returns: The kind and the treatment of the code.
    static func entry(for code: String, isFault: Bool = false) -> Entry {
        if let entry = self.exact[code] { return entry }
        if let family = self.families.first(where: { code.hasPrefix($0.prefix) }) { return family.entry }
        return isFault ? Entry(.transient, .analogy, .uncertain) : Entry(.unknown, .analogy)
    }

    /// Returns whether the table lists a code by its full name, so that it may be a metric label.
    static func isKnown(_ code: String) -> Bool { self.exact[code] != nil }

    /// Returns the window of the limit that rejected a request: the longest wait until it admits another one.
    ///
    /// The gateway sends a wait for some throttled requests, and never for exhausted limits.
    ///
    /// - Parameters:
    ///   - code: The code without its prefix.
    ///   - kind: The kind of the error.
    /// - Returns: `nil` if the error is not a limit, or if the code does not name a window.
    static func window(of code: String, _ kind: SMSError.Kind) -> Duration? {
        switch kind {
        // The gateway limits requests per second.
        case .throttled: .seconds(1)
        case .limit: self.windows.first { code.split(separator: "_").contains($0.name[...]) }?.length
        default: nil
        }
    }

    private static let windows: [(name: String, length: Duration)] = [
        ("MINUTE", .seconds(60)), ("HOUR", .seconds(3600)), ("DAY", .seconds(86_400)), ("MONTH", .seconds(31 * 86_400)),
    ]

    static let exact: [String: Entry] = [
        // The API gateway in front of the service.
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
        "ServiceUnavailable": Entry(.transient, .commonCodes, .likelyRejected),
        "ServiceUnavailableTemporary": Entry(.transient, .commonCodes, .likelyRejected),
        "SignatureDoesNotMatch": Entry(.auth, .commonCodes),
        // The client never reuses a nonce by accident, so something copied the request. The first copy may have been
        // accepted.
        "SignatureNonceUsed": Entry(.transient, .commonCodes, .seenBefore),
        "Throttling": Entry(.throttled, .commonCodes, .retryLater),
        "Throttling.Api": Entry(.throttled, .commonCodes, .retryLater),
        "Throttling.User": Entry(.throttled, .commonCodes, .retryLater),
        "UnsupportedHTTPMethod": Entry(.caller, .commonCodes),

        // The service: the request.
        "CONTENT_MISSING_PARAMETERS": Entry(.caller, .responseCodes),
        "DATA_NOT_EXIST": Entry(.caller, .responseCodes),
        "INVALID_JSON_PARAM": Entry(.caller, .responseCodes),
        "INVALID_PARAMETERS": Entry(.caller, .responseCodes),
        "MOBILE_COUNT_OVER_LIMIT": Entry(.caller, .responseCodes),
        "QUERY_DATE_ILLEGAL": Entry(.caller, .responseCodes),

        // The service: text, sender ID and template.
        "BLACK_KEY_CONTROL_LIMIT": Entry(.content, .responseCodes),
        "CONTENT_EXCEED_LIMIT": Entry(.content, .reports),
        "INVALID_SENDERID": Entry(.content, .responseCodes),
        "PARAM_LENGTH_LIMIT": Entry(.content, .responseCodes),
        "SENDERID_ERROR": Entry(.content, .responseCodes2019),
        "SMS_CONTENT_CODE_ILLEGAL": Entry(.content, .responseCodes),
        "SMS_CONTENT_ILLEGAL": Entry(.content, .responseCodes),
        "SMS_SECURITY_INTERCEPTED": Entry(.content, .responseCodes),
        "SMS_SIGN_NAME_ILLEGAL": Entry(.content, .responseCodes),

        // The service: the phone number.
        "COUNTRY_RESTRICTED": Entry(.number, .responseCodes2019),
        "MOBILE_NUMBER_ILLEGAL": Entry(.number, .responseCodes),
        "NOT_SUPPORTED_COUNTRY": Entry(.number, .responseCodes),

        // The service: account, permissions and balance.
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

        // The service: limits.
        "ALERT_LIMIT_DAY": Entry(.limit, .reports),
        "ALERT_LIMIT_MONTH": Entry(.limit, .reports),
        "BUSINESS_LIMIT_CONTROL_MINUTE": Entry(.limit, .responseCodes2019),
        "BUSINESS_LIMIT_CONTROL_PHONE": Entry(.limit, .responseCodes2019),
        "BUSINESS_LIMIT_DAY": Entry(.limit, .responseCodes2019),
        "BUSINESS_LIMIT_HOUR": Entry(.limit, .responseCodes2019),
        "QPS_LIMIT_CONTROL": Entry(.throttled, .responseCodes, .retryLater),

        // The service: faults.
        "GATEWAY_ERROR": Entry(.transient, .responseCodes2019, .uncertain),
        "ONLINE_BILLING_FAILED": Entry(.transient, .responseCodes, .likelyRejected),
        "SYSTEM_ERROR": Entry(.transient, .responseCodes, .likelyRejected),
        "UNKNOWN": Entry(.transient, .responseCodes2019, .uncertain),
    ]

    /// Codes with varying suffixes; the first matching prefix decides.
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
