// SPDX-License-Identifier: Apache-2.0

import SMSKit

/// A table with the kind and the treatment of each error code of the gateway.
///
/// Codes are compared without their `isv.` or `isp.` prefix. The numeric codes in Alibaba's older tables have changed over time
/// and are not used.
enum GatewayErrorTable {
    /// The meaning of an error code for a request: whether the request was rejected, and whether a retry may succeed.
    enum Treatment: Sendable, Hashable {
        /// The request was rejected.
        ///
        /// A retry would also be rejected.
        case reject
        /// The request was rejected temporarily.
        ///
        /// A retry after a back-off may succeed.
        case retryLater
        /// The credential was rejected.
        ///
        /// A retry with a new credential may succeed.
        case refreshCredential
        /// The timestamp was rejected.
        ///
        /// A retry with the gateway's time may succeed.
        case correctClock
        /// The request was probably rejected.
        ///
        /// A retry may send a second message.
        case likelyRejected
        /// It is unknown whether the gateway performed the request.
        case uncertain
        /// The gateway has already received a request with the same nonce.
        ///
        /// The outcome of the earlier request is unknown.
        case seenBefore
    }

    /// The origin of an entry in the table.
    enum Source: Sendable, Hashable {
        /// Alibaba's table of codes that all services share.
        ///
        /// The API gateway in front of the SMS service returns these codes.
        case commonCodes
        /// Alibaba's current table of response codes for the SMS service.
        case responseCodes
        /// Alibaba's table of response codes from 2019, which is for the API version of this client.
        case responseCodes2019
        /// Published reports of users.
        case reports
        /// An inference from similar services of Alibaba.
        ///
        /// The code was never observed.
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

    /// Returns the entry for a code.
    ///
    /// If the table does not contain the code, `isFault` determines the result. A fault leaves the outcome of the request
    /// unknown. Any other code is a rejection.
    ///
    /// - Parameters:
    ///   - code: The error code without the prefix `isv.` or `isp.`.
    ///   - isFault: Whether the code had the prefix `isp.`, which marks faults of the service.
    /// - Returns: The kind and the treatment of the code.
    static func entry(for code: String, isFault: Bool = false) -> Entry {
        if let entry = self.exact[code] { return entry }
        if let family = self.families.first(where: { code.hasPrefix($0.prefix) }) { return family.entry }
        return isFault ? Entry(.transient, .analogy, .uncertain) : Entry(.unknown, .analogy)
    }

    /// Returns whether the table contains the exact code, and not only a prefix of the code.
    ///
    /// In metrics, all other codes of the gateway share the label `other`.
    static func isKnown(_ code: String) -> Bool { self.exact[code] != nil }

    /// Returns the time window of an exhausted limit, such as one day for `BUSINESS_LIMIT_DAY`.
    ///
    /// The limit allows a retry after one window at the latest. The gateway does not return a wait for an exhausted limit, so
    /// the client reports the window as the wait.
    ///
    /// - Parameters:
    ///   - code: The error code without the prefix `isv.` or `isp.`.
    ///   - kind: The kind of the error.
    /// - Returns: One second for the kind `throttled`. For the kind `limit`, the window that the code names, or `nil` if the
    ///   code names no window. For all other kinds, `nil`.
    static func window(of code: String, _ kind: SMSError.Kind) -> Duration? {
        switch kind {
        // The gateway's rate limits are per second.
        case .throttled: .seconds(1)
        case .limit: self.windows.first { code.split(separator: "_").contains($0.name[...]) }?.length
        default: nil
        }
    }

    private static let windows: [(name: String, length: Duration)] = [
        ("MINUTE", .seconds(60)), ("HOUR", .seconds(3600)), ("DAY", .seconds(86_400)), ("MONTH", .seconds(31 * 86_400)),
    ]

    static let exact: [String: Entry] = [
        // Codes of the API gateway in front of the service.
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
        // The client reuses a nonce only if `repeatsUnansweredRequests` is set. Without this setting, the code means that the
        // network duplicated the request. In both cases, the gateway may have accepted the first copy.
        "SignatureNonceUsed": Entry(.transient, .commonCodes, .seenBefore),
        "Throttling": Entry(.throttled, .commonCodes, .retryLater),
        "Throttling.Api": Entry(.throttled, .commonCodes, .retryLater),
        "Throttling.User": Entry(.throttled, .commonCodes, .retryLater),
        "UnsupportedHTTPMethod": Entry(.caller, .commonCodes),

        // Codes of the service for invalid requests.
        "CONTENT_MISSING_PARAMETERS": Entry(.caller, .responseCodes),
        "DATA_NOT_EXIST": Entry(.caller, .responseCodes),
        "INVALID_JSON_PARAM": Entry(.caller, .responseCodes),
        "INVALID_PARAMETERS": Entry(.caller, .responseCodes),
        "MOBILE_COUNT_OVER_LIMIT": Entry(.caller, .responseCodes),
        "QUERY_DATE_ILLEGAL": Entry(.caller, .responseCodes),

        // Codes of the service for texts, sender IDs and templates.
        "BLACK_KEY_CONTROL_LIMIT": Entry(.content, .responseCodes),
        "CONTENT_EXCEED_LIMIT": Entry(.content, .reports),
        "INVALID_SENDERID": Entry(.content, .responseCodes),
        "PARAM_LENGTH_LIMIT": Entry(.content, .responseCodes),
        "SENDERID_ERROR": Entry(.content, .responseCodes2019),
        "SMS_CONTENT_CODE_ILLEGAL": Entry(.content, .responseCodes),
        "SMS_CONTENT_ILLEGAL": Entry(.content, .responseCodes),
        "SMS_SECURITY_INTERCEPTED": Entry(.content, .responseCodes),
        "SMS_SIGN_NAME_ILLEGAL": Entry(.content, .responseCodes),

        // Codes of the service for phone numbers.
        "COUNTRY_RESTRICTED": Entry(.number, .responseCodes2019),
        "MOBILE_NUMBER_ILLEGAL": Entry(.number, .responseCodes),
        "NOT_SUPPORTED_COUNTRY": Entry(.number, .responseCodes),

        // Codes of the service for the account, its permissions and its balance.
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

        // Codes of the service for limits.
        "ALERT_LIMIT_DAY": Entry(.limit, .reports),
        "ALERT_LIMIT_MONTH": Entry(.limit, .reports),
        "BUSINESS_LIMIT_CONTROL_MINUTE": Entry(.limit, .responseCodes2019),
        "BUSINESS_LIMIT_CONTROL_PHONE": Entry(.limit, .responseCodes2019),
        "BUSINESS_LIMIT_DAY": Entry(.limit, .responseCodes2019),
        "BUSINESS_LIMIT_HOUR": Entry(.limit, .responseCodes2019),
        "QPS_LIMIT_CONTROL": Entry(.throttled, .responseCodes, .retryLater),

        // Codes of the service for faults.
        "GATEWAY_ERROR": Entry(.transient, .responseCodes2019, .uncertain),
        "ONLINE_BILLING_FAILED": Entry(.transient, .responseCodes, .likelyRejected),
        "SYSTEM_ERROR": Entry(.transient, .responseCodes, .likelyRejected),
        "UNKNOWN": Entry(.transient, .responseCodes2019, .uncertain),
    ]

    /// The entries for codes with varying suffixes.
    ///
    /// The first matching prefix applies.
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
