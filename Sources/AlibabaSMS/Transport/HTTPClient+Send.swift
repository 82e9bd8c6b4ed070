import AsyncHTTPClient
import Deadlines
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import SMSKit

extension HTTPClient {
    /// What can go wrong with a request, as far as it matters here.
    enum SendFailure: Error, Sendable, Hashable {
        /// No connection was made, so nothing of the request was written.
        case notWritten
        /// The time ran out, and the request may have been written.
        case timeout
        /// Something else, after which the request may have been written.
        case interrupted
        /// The answer is too big to be one.
        case oversizedAnswer
    }

    /// A batch of 1,000 messages is answered with some 30 KB.
    private static let maximumAnswerSize = 64 * 1024

    /// Sends a request once and reads the whole answer, or fails, within the time.
    func send(
        _ request: HTTPClientRequest,
        within time: Duration,
        on timers: Timers,
        holding slot: ConnectionSlots.Slot? = nil,
        recordedIn written: WrittenRequests? = nil
    ) async throws(SendFailure) -> GatewayResponse {
        let result = await withDeadline(time, on: timers) {
            written?.begin(request)
            var result = await self.result(of: request)
            let isUnwritten = written?.end(request) ?? false
            if isUnwritten, case .failure(.interrupted) = result { result = .failure(.notWritten) }
            // The pool may use the connection for another request only now, even if the caller gave up before.
            return withExtendedLifetime(slot) { result }
        }
        guard let result else { throw _Concurrency.Task.isCancelled ? .interrupted : .timeout }
        return try result.get()
    }

    private func result(of request: HTTPClientRequest) async -> Result<GatewayResponse, SendFailure> {
        do {
            // The caller's race decides; this deadline only makes sure that the connection is given up as well.
            let response = try await self.execute(request, timeout: .seconds(3600), logger: nil)
            // A redirect that an unsuitable client followed: what answers is not the gateway that was asked.
            guard response.history.count <= 1 else { return .failure(.interrupted) }
            let body = try await response.body.collect(upTo: Self.maximumAnswerSize)
            return .success(
                GatewayResponse(
                    status: Int(response.status.code),
                    retryAfterHeader: response.headers.first(name: "x-acs-retry-after"),
                    dateHeader: response.headers.first(name: "date"),
                    body: Array(body.readableBytesView)
                )
            )
        } catch {
            return .failure(Self.failure(error))
        }
    }

    /// Sorts an error of the HTTP client; all that is not certain counts as possibly written.
    ///
    /// A request is given to a connection only when that is made and its TLS handshake is done. So the errors of
    /// making a connection are the ones after which nothing was written, and no others.
    static func failure(_ error: any Error) -> SendFailure {
        switch error {
        case is NIOConnectionError, is SocketAddressError:
            return .notWritten
        case let error as NIOSSLExtraError:
            let beforeWriting: [NIOSSLExtraError] = [
                .failedToValidateHostname, .serverHostnameImpossibleToMatch, .cannotUseIPAddressInSNI,
                .invalidSNIHostname,
            ]
            return beforeWriting.contains(error) ? .notWritten : .interrupted
        case NIOSSLError.handshakeFailed, NIOSSLError.noCertificateToValidate,
            NIOSSLError.unableToValidateCertificate:
            return .notWritten
        case let error as IOError where [ECONNREFUSED, EADDRNOTAVAIL, EAFNOSUPPORT].contains(error.errnoCode):
            return .notWritten
        case let error as HTTPClientError:
            let beforeWriting: [HTTPClientError] = [
                .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout, .alreadyShutdown, .invalidURL,
                .invalidProxyResponse, .proxyAuthenticationRequired, .httpProxyHandshakeTimeout,
            ]
            if beforeWriting.contains(error) { return .notWritten }
            return [.readTimeout, .writeTimeout, .deadlineExceeded].contains(error) ? .timeout : .interrupted
        case is NIOTooManyBytesError:
            return .oversizedAnswer
        default:
            return .interrupted
        }
    }
}
