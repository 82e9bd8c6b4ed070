// SPDX-License-Identifier: Apache-2.0

import Crypto
import Logging
public import Redaction
import TextFormats

/// A handler for pushed delivery reports, which works with any HTTP server.
///
/// The handler receives the body of a request and returns the response to send. The gateway does not sign its pushes. The last
/// component of the URL path is therefore a secret. The handler compares this secret in constant time.
///
/// Serve the route over HTTPS only, and keep the path out of access logs.
public struct DeliveryReportHandler: Sendable {
    /// The HTTP response to send to the gateway.
    public struct Response: Sendable, Hashable {
        /// The HTTP status.
        ///
        /// After any status other than 200, the gateway repeats the push after one minute, and again five minutes later.
        public var status: Int

        /// The media type of the body.
        public var contentType: String { "application/json" }

        /// The body of the response.
        public var body: [UInt8]

        /// The number of new reports, which were processed.
        public var newCount: Int

        /// The number of reports that had already been processed.
        public var duplicateCount: Int

        /// The number of entries that are not valid reports.
        public var ignoredCount: Int

        /// Creates a response.
        ///
        /// - Parameters:
        ///   - status: The HTTP status.
        ///   - body: The body of the response.
        ///   - newCount: The number of new reports, which were processed.
        ///   - duplicateCount: The number of reports that had already been processed.
        ///   - ignoredCount: The number of entries that are not valid reports.
        public init(
            status: Int,
            body: [UInt8],
            newCount: Int = 0,
            duplicateCount: Int = 0,
            ignoredCount: Int = 0
        ) {
            self.status = status
            self.body = body
            self.newCount = newCount
            self.duplicateCount = duplicateCount
            self.ignoredCount = ignoredCount
        }
    }

    /// The log of the most recent reports.
    public let log: DeliveryReportLog

    private let secretDigest: SHA256.Digest

    /// Creates a handler.
    ///
    /// - Parameters:
    ///   - secret: The last component of the path: 16 to 128 random letters, digits, hyphens and underscores.
    ///   - log: The log of the most recent reports.
    /// - Throws: An ``AlibabaSMSError`` if the length of the secret or one of its characters is not allowed.
    public init(secret: String, log: DeliveryReportLog = DeliveryReportLog()) throws(AlibabaSMSError) {
        let isPlain = secret.utf8.allSatisfy { byte in
            byte.isASCIIAlphanumeric || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
        }
        guard (16...128).contains(secret.utf8.count), isPlain else {
            let rule = "must be 16 to 128 letters, digits, hyphens and underscores"
            throw AlibabaSMSError(.invalidConfiguration, field: "secret", message: "secret \(rule)")
        }
        self.secretDigest = SHA256.hash(data: Array(secret.utf8))
        self.log = log
    }

    /// Handles one push.
    ///
    /// New reports are passed to `process`. If `process` throws an error, the handler returns the status 503, so that the
    /// gateway repeats the push. In the repeated push, the reports count as new again.
    ///
    /// - Parameters:
    ///   - path: The path of the request, without the query.
    ///   - body: The body of the request. Collect at most ``DeliveryReportPush/maximumSize`` bytes.
    ///   - process: A closure that processes the new reports, and stores the important ones.
    /// - Returns: The HTTP response to send to the gateway.
    public func handle(
        path: some StringProtocol,
        body: some Collection<UInt8>,
        process: ([DeliveryReport]) async throws -> Void
    ) async -> Response {
        guard self.accepts(path: path) else { return Self.response(404, code: 404, "not found") }
        let push: DeliveryReportPush
        do {
            push = try DeliveryReportPush(body)
        } catch {
            Logger.current.warning("Delivery reports rejected", metadata: ["sms.error": "\(error)"])
            return Self.response(400, code: 400, "not readable")
        }
        let new = self.log.claim(push.reports)
        do {
            if !new.isEmpty { try await process(new) }
        } catch {
            self.log.release(new)
            Logger.current.warning("Delivery reports not processed", metadata: ["sms.count": "\(new.count)"])
            return Self.response(503, code: 503, "try again")
        }
        self.log.keep(new)
        var response = Self.response(200, code: 0, "received")
        response.newCount = new.count
        response.duplicateCount = push.reports.count - new.count
        response.ignoredCount = push.ignoredCount
        return response
    }

    /// Returns whether the last component of a path is the secret.
    ///
    /// The secret is compared in constant time.
    ///
    /// ``handle(path:body:process:)`` makes the same check. Call this method to reject a request before its body is read.
    ///
    /// - Parameter path: The path of the request, without the query.
    /// - Returns: `true` if the last component of the path is the secret.
    public func accepts(path: some StringProtocol) -> Bool {
        let last = path.utf8.reversed().prefix { $0 != UInt8(ascii: "/") }.reversed()
        return SHA256.hash(data: Array(last)) == self.secretDigest
    }

    private static func response(_ status: Int, code: Int, _ message: String) -> Response {
        Response(status: status, body: Array(#"{"code":\#(code),"msg":"\#(message)"}"#.utf8))
    }
}

extension DeliveryReportHandler: Redacted {
    /// The name of the type, without the secret.
    public var description: String { "DeliveryReportHandler" }
}
