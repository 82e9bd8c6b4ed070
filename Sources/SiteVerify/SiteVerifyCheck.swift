// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Foundation
public import NIOCore
import NIOHTTP1
public import Redaction
public import SendGuard
import Synchronization
import TextFormats

/// A human check with a provider of the `siteverify` protocol: Turnstile, hCaptcha or reCAPTCHA.
///
/// ```swift
/// let configuration = SiteVerifyConfiguration(.turnstile, secret: secret, hostnames: ["example.com"])
/// let check = try SiteVerifyCheck(configuration, hash: hash)
/// let verifier = HumanCheckVerifier(check, hash: hash)
/// ```
///
/// The web page passes the values of ``widget(for:)`` to the provider's widget. When a person has passed the check, the widget
/// returns a text, the *response*. The page sends the response with the request for a code, and ``verify(_:of:)`` asks the
/// provider for a verdict.
///
/// Run the check in a `ServiceGroup`, or call ``shutdown()`` before the process ends. Each request to the provider contains
/// the secret, so the check follows no redirects, does not retry and creates no tracing spans.
public final class SiteVerifyCheck: HumanCheck {
    /// The maximum size of the body of a provider's HTTP response, in bytes.
    private static let maximumBodySize = 16 * 1_024

    private let configuration: SiteVerifyConfiguration
    private let hostnames: Set<String>
    private let hash: ScopeHash
    private let http: HTTPClient
    private let isShutDown = Mutex(false)

    /// Creates a check without opening a connection.
    ///
    /// - Parameters:
    ///   - configuration: The settings.
    ///   - hash: The keyed hash that binds responses to phone numbers. All processes of a service need the same hash.
    ///   - eventLoopGroup: The event loops to run on; `nil` selects the shared event loops of the process.
    /// - Throws: ``SiteVerifyError`` that names the invalid setting.
    public init(
        _ configuration: SiteVerifyConfiguration,
        hash: ScopeHash,
        eventLoopGroup: (any EventLoopGroup)? = nil
    ) throws(SiteVerifyError) {
        // The settings are validated first, because AsyncHTTPClient traps if an HTTP client is not shut down.
        try configuration.validate()
        self.configuration = configuration
        self.hostnames = Set(configuration.hostnames.map { $0.lowercased() })
        self.hash = hash
        self.http = HTTPClient(
            eventLoopGroupProvider: eventLoopGroup.map { .shared($0) } ?? .singleton,
            configuration: .siteVerify(configuration)
        )
    }

    deinit {
        guard !self.isShutDown.withLock({ $0 }) else { return }
        self.http.shutdown { _ in }
    }

    /// The time for which the provider accepts a response after the widget has created it.
    ///
    /// A response is the text that the widget creates when a person passes the check.
    public var responseLifetime: Duration { self.configuration.provider.responseLifetime }

    /// Returns the values that the page passes to the provider's widget.
    ///
    /// - Parameter request: The message that the client asks for.
    /// - Returns: The values. The provider repeats them in the verdict.
    public func widget(for request: SendRequest) -> SiteVerifyWidget {
        let provider = self.configuration.provider
        return SiteVerifyWidget(
            action: provider.returnsAction ? SiteVerifyProvider.action(for: request.purpose) : nil,
            customerData: provider.returnsCustomerData ? self.hash.humanCheckBinding(of: request) : nil
        )
    }

    /// Asks the provider for a verdict about a response, and compares the verdict with the request.
    ///
    /// - Parameters:
    ///   - response: The text that the client received from the widget.
    ///   - request: The message that the client asks for.
    /// - Returns: `passed` if the verdict is positive and belongs to this request; otherwise the failure.
    /// - Throws: ``SiteVerifyError`` if the provider returned no verdict.
    public func verify(_ response: String, of request: SendRequest) async throws -> HumanCheckResult {
        let (status, body) = try await self.post(response)
        let verdict = try SiteVerifyVerdict(body)
        guard verdict.isSuccess else { return .failed(.rejected) }
        // Some providers send negative verdicts with the HTTP status 400. A positive verdict always has the status 200.
        guard status == .ok else { throw SiteVerifyError(.status, "the HTTP status of the provider is \(status.code)") }
        return try self.compare(verdict, with: request)
    }

    private func compare(
        _ verdict: SiteVerifyVerdict,
        with request: SendRequest
    ) throws(SiteVerifyError) -> HumanCheckResult {
        if !self.hostnames.isEmpty {
            guard let hostname = verdict.hostname?.lowercased(), self.hostnames.contains(hostname) else {
                return .failed(.otherSite)
            }
        }
        let widget = self.widget(for: request)
        if let action = widget.action, verdict.action != action { return .failed(.otherSubject) }
        if let data = widget.customerData, verdict.customerData != data { return .failed(.otherSubject) }
        guard self.configuration.provider.returnsScore else { return .passed }
        guard let score = verdict.score, 0...1 ~= score else {
            throw SiteVerifyError(.unreadable, "the verdict of the provider has no score")
        }
        return score >= self.configuration.minimumScore ? .passed : .failed(.lowScore)
    }

    private func post(_ response: String) async throws -> (HTTPResponseStatus, [UInt8]) {
        var request = HTTPClientRequest(url: self.configuration.url)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
        request.headers.add(name: "accept", value: "application/json")
        request.body = .bytes(ByteBuffer(string: self.form(response)))
        do {
            let timeout = TimeAmount(self.configuration.timeout)
            let answer = try await self.http.execute(request, timeout: timeout, logger: nil)
            guard [.ok, .badRequest].contains(answer.status) else {
                throw SiteVerifyError(.status, "the HTTP status of the provider is \(answer.status.code)")
            }
            let body = try await answer.body.collect(upTo: Self.maximumBodySize)
            return (answer.status, Array(body.readableBytesView))
        } catch {
            throw SiteVerifyError(withoutVerdict: error)
        }
    }

    private func form(_ response: String) -> String {
        var fields = [("secret", self.configuration.secret), ("response", response)]
        if let siteKey = self.configuration.siteKey { fields.append(("sitekey", siteKey)) }
        return fields.map { "\($0)=\(PercentEncoding.encode($1))" }.joined(separator: "&")
    }

    /// Closes all connections.
    ///
    /// Later verifications fail.
    ///
    /// - Throws: An error of the HTTP client. The connections are closed even after an error.
    public func shutdown() async throws {
        let isFirst = self.isShutDown.withLock { isShutDown in
            defer { isShutDown = true }
            return !isShutDown
        }
        if isFirst { try await self.http.shutdown() }
    }
}

extension SiteVerifyCheck: Redacted {
    /// A text with the name of the provider.
    public var description: String { "SiteVerifyCheck(\(self.configuration.provider))" }
}

extension HTTPClient.Configuration {
    /// The configuration of the HTTP client: without redirects, retries and tracing spans, because each request contains a
    /// secret.
    fileprivate static func siteVerify(_ configuration: SiteVerifyConfiguration) -> Self {
        let timeout = TimeAmount(configuration.timeout)
        var http = Self(redirectConfiguration: .disallow, timeout: .init(connect: timeout, read: timeout))
        http.connectionPool.retryConnectionEstablishment = false
        http.httpVersion = .http1Only
        http.tracing.tracer = nil
        return http
    }
}

extension SiteVerifyError {
    /// Converts an error of the HTTP client.
    fileprivate init(withoutVerdict error: any Error) {
        switch error {
        case let error as SiteVerifyError:
            self = error
        case is NIOTooManyBytesError:
            self.init(.oversized, "the response of the provider is too long")
        case let error as HTTPClientError where [.deadlineExceeded, .readTimeout, .connectTimeout].contains(error):
            self.init(.timeout, "the provider did not respond in time")
        default:
            self.init(.unreachable, "the provider cannot be reached, or it closed the connection")
        }
    }
}
