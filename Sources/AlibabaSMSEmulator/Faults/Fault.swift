// SPDX-License-Identifier: Apache-2.0

import TextFormats

/// A fault that the emulator injects into a request or a message.
public struct Fault: Sendable, Hashable {
    /// The behavior of a fault.
    enum Effect: Sendable, Hashable {
        case reject(code: String, status: Int?, retryAfter: Duration?)
        case unreachable
        case hang(for: Duration)
        case slow(by: Duration)
        case acceptThenClose
        case duplicate
        case undelivered(code: String)
        case reportDelay(by: Duration)
        case http(status: Int, afterProcessing: Bool)
        case garbage(afterProcessing: Bool)
        case clockSkew(by: Duration)
    }

    let effect: Effect

    init(_ effect: Effect) {
        self.effect = effect
    }
}

extension Fault {
    /// Rejects the request or the message.
    ///
    /// The code determines which layer rejects the request or the message:
    ///
    /// * A code without lower-case letters, such as `SYSTEM_ERROR` or `isv.MOBILE_NUMBER_ILLEGAL`, is an error of the SMS
    ///   service. The letters of the prefix `isv.` or `isp.` are ignored. By default, the response has HTTP status 200 and
    ///   contains the code in `ResponseCode`. The response to a batch lists the rejected phone number in `FailedList`, without
    ///   the code.
    /// * Any other code is an error of the gateway in front of the service. The gateway rejects the request after
    ///   authentication and the permission check.
    ///
    /// - Parameters:
    ///   - code: The error code.
    ///   - status: The HTTP status; `nil` derives the status from the code.
    ///   - retryAfter: The delay before a retry, as stated in the response; `nil` for none.
    /// - Returns: The fault.
    public static func reject(code: String, status: Int? = nil, retryAfter: Duration? = nil) -> Self {
        Self(.reject(code: code, status: status, retryAfter: retryAfter))
    }

    /// Resets the connection without processing the request.
    public static let unreachable = Self(.unreachable)

    /// Waits without processing the request, and then closes the connection without a response.
    ///
    /// - Parameter duration: The time until the connection is closed.
    /// - Returns: The fault.
    public static func hang(for duration: Duration = .seconds(60)) -> Self { Self(.hang(for: duration)) }

    /// Processes the request immediately and delays the response.
    ///
    /// - Parameter delay: The delay of the response.
    /// - Returns: The fault.
    public static func slow(by delay: Duration) -> Self { Self(.slow(by: delay)) }

    /// Processes the request, then closes the connection without a response.
    public static let acceptThenClose = Self(.acceptThenClose)

    /// Delivers and bills the message twice.
    public static let duplicate = Self(.duplicate)

    /// Accepts the message and reports that delivery failed.
    ///
    /// - Parameter code: The carrier's error code in the report.
    /// - Returns: The fault.
    public static func undelivered(code: String = "UNDELIV") -> Self { Self(.undelivered(code: code)) }

    /// Delays the delivery and the delivery report of the message.
    ///
    /// - Parameter delay: The additional delay.
    /// - Returns: The fault.
    public static func reportDelay(by delay: Duration) -> Self { Self(.reportDelay(by: delay)) }

    /// Responds with an HTTP error and an HTML page, like a load balancer in front of the gateway.
    ///
    /// - Parameters:
    ///   - status: The HTTP status.
    ///   - afterProcessing: Whether the gateway processes the request before it responds.
    /// - Returns: The fault.
    public static func http(status: Int, afterProcessing: Bool = false) -> Self {
        Self(.http(status: status, afterProcessing: afterProcessing))
    }

    /// Responds with HTTP status 200 and bytes that are not JSON.
    ///
    /// - Parameter afterProcessing: Whether the gateway processes the request before it responds.
    /// - Returns: The fault.
    public static func garbage(afterProcessing: Bool = false) -> Self {
        Self(.garbage(afterProcessing: afterProcessing))
    }

    /// Checks the date of the request against a wrong clock.
    ///
    /// The `Date` header of the response shows the time of the wrong clock.
    ///
    /// - Parameter skew: The offset of the wrong clock, which may be negative.
    /// - Returns: The fault.
    public static func clockSkew(by skew: Duration) -> Self { Self(.clockSkew(by: skew)) }
}

extension Fault: CustomStringConvertible {
    /// The name of the fault's kind in JSON, such as `reject`.
    public var description: String {
        switch self.effect {
        case .reject: "reject"
        case .unreachable: "unreachable"
        case .hang: "hang"
        case .slow: "slow"
        case .acceptThenClose: "acceptThenClose"
        case .duplicate: "duplicate"
        case .undelivered: "undelivered"
        case .reportDelay: "reportDelay"
        case .http: "http"
        case .garbage: "garbage"
        case .clockSkew: "clockSkew"
        }
    }
}

extension Fault {
    /// The part of a request that a fault affects.
    enum Scope: Sendable, Hashable {
        /// The whole request.
        case request
        /// Each message of the request separately.
        case message
    }

    /// The part of a request that the fault affects.
    ///
    /// If a request contains no messages, the caller ignores this value, and the fault affects the whole request.
    var scope: Scope {
        switch self.effect {
        case .duplicate, .undelivered, .reportDelay: .message
        case .reject(let code, _, _): Self.isOfService(code) ? .message : .request
        default: .request
        }
    }

    /// Whether the fault affects only requests with messages.
    var needsMessage: Bool {
        switch self.effect {
        case .duplicate, .undelivered, .reportDelay: true
        default: false
        }
    }

    /// Returns whether an error code is from Alibaba's SMS service, and not from the gateway in front of the service.
    ///
    /// Codes of the service have no lower-case letters, apart from the prefix `isv.` or `isp.`.
    static func isOfService(_ code: String) -> Bool {
        let name = ["isv.", "isp."].contains { code.hasPrefix($0) } ? code.dropFirst(4) : code[...]
        return !name.utf8.contains(where: \.isASCIILowercaseLetter)
    }

    /// Returns the HTTP status of an error code of the gateway.
    static func status(of code: String) -> Int {
        if code.hasPrefix("ServiceUnavailable") { return 503 }
        if code == "InternalError" { return 500 }
        if code.hasPrefix("Forbidden") || code == "NoPermission" { return 403 }
        return code.hasSuffix(".NotFound") ? 404 : 400
    }
}
