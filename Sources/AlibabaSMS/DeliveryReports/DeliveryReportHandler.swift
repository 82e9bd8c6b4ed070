import Crypto
import Logging
public import Redaction

/// Takes pushes of delivery reports, for any HTTP server: bytes in, an acknowledgement out.
///
/// The gateway does not sign its pushes. So the last component of the URL's path is a secret, which is compared in
/// constant time, and the route should be reachable by HTTPS only and not be logged.
public struct DeliveryReportHandler: Sendable {
    /// What to answer the gateway.
    public struct Response: Sendable, Hashable {
        /// The HTTP status; all but 200 have the gateway push again, after one minute and then after five.
        public var status: Int

        /// The type of the body.
        public var contentType: String { "application/json" }

        /// The body.
        public var body: [UInt8]

        /// How many reports were new and were dealt with.
        public var newCount: Int

        /// How many reports were there before.
        public var duplicateCount: Int

        /// How many entries were no reports.
        public var ignoredCount: Int
    }

    /// The newest reports.
    public let log: DeliveryReportLog

    private let secretDigest: SHA256.Digest

    /// Creates a handler.
    ///
    /// - Parameters:
    ///   - secret: The last component of the path, 16 to 128 letters, digits, hyphens and underscores that nobody can
    ///     attempt.
    ///   - log: Where the newest reports are kept.
    /// - Throws: An ``AlibabaSMSError`` if the secret is too short, too long or needs encoding in a path.
    public init(secret: String, log: DeliveryReportLog = DeliveryReportLog()) throws(AlibabaSMSError) {
        let isPlain = secret.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) || byte == 0x2D || byte == 0x5F
        }
        guard (16...128).contains(secret.utf8.count), isPlain else {
            let rule = "must be 16 to 128 letters, digits, hyphens and underscores"
            throw AlibabaSMSError(.invalidConfiguration, field: "secret", message: "secret \(rule)")
        }
        self.secretDigest = SHA256.hash(data: Array(secret.utf8))
        self.log = log
    }

    /// Takes one push.
    ///
    /// The reports that are new are handed to `process` and count as seen unless it throws; the gateway is then asked
    /// to push again.
    ///
    /// - Parameters:
    ///   - path: The path of the request, without its query.
    ///   - body: The body; collect no more than ``DeliveryReportPush/maximumSize`` bytes of it.
    ///   - process: Deals with the new reports, and keeps what must not be lost.
    /// - Returns: What to answer.
    public func handle(
        path: some StringProtocol,
        body: some Collection<UInt8>,
        process: ([DeliveryReport]) async throws -> Void
    ) async -> Response {
        let last = path.utf8.reversed().prefix { $0 != UInt8(ascii: "/") }.reversed()
        guard SHA256.hash(data: Array(last)) == self.secretDigest else {
            return Self.response(404, code: 404, "not found")
        }
        let push: DeliveryReportPush
        do {
            push = try DeliveryReportPush(body)
        } catch {
            Logger.current.info("Delivery reports refused", metadata: ["sms.error": "\(error)"])
            return Self.response(400, code: 400, "not readable")
        }
        let new = self.log.claim(push.reports)
        do {
            if !new.isEmpty { try await process(new) }
        } catch {
            self.log.release(new)
            Logger.current.info("Delivery reports not dealt with", metadata: ["sms.count": "\(new.count)"])
            return Self.response(503, code: 503, "try again")
        }
        self.log.keep(new)
        var response = Self.response(200, code: 0, "received")
        response.newCount = new.count
        response.duplicateCount = push.reports.count - new.count
        response.ignoredCount = push.ignoredCount
        return response
    }

    private static func response(_ status: Int, code: Int, _ message: String) -> Response {
        Response(
            status: status,
            body: Array(#"{"code":\#(code),"msg":"\#(message)"}"#.utf8),
            newCount: 0,
            duplicateCount: 0,
            ignoredCount: 0
        )
    }
}

extension DeliveryReportHandler: Redacted {
    /// The type only.
    public var description: String { "DeliveryReportHandler" }
}
