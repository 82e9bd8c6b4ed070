// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Deadlines
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import SMSKit

extension HTTPClient {
    /// The reason why a request has no usable response.
    enum SendFailure: Error, Sendable, Hashable {
        /// The client was shut down.
        ///
        /// No part of the request was written.
        case shutDown
        /// No connection was established.
        ///
        /// No part of the request was written.
        case notWritten
        /// The request timed out.
        ///
        /// The request may have been written.
        case timeout
        /// The request failed in another way than a timeout, for example because the connection was closed or the task was
        /// cancelled.
        ///
        /// The request may have been written.
        case interrupted
        /// The response exceeds the size limit of the client.
        case oversizedResponse
    }

    /// The maximum size of a response in bytes.
    ///
    /// The response to a batch of 1,000 messages takes about 30 KB.
    private static let maximumResponseSize = 64 * 1024

    /// Sends a request once, and reads the whole response within a timeout.
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
            // The slot stays occupied until the connection is free, even if the caller timed out earlier.
            return withExtendedLifetime(slot) { result }
        }
        guard let result else { throw _Concurrency.Task.isCancelled ? .interrupted : .timeout }
        return try result.get()
    }

    private func result(of request: HTTPClientRequest) async -> Result<GatewayResponse, SendFailure> {
        do {
            // The caller's deadline limits the wait for the response. The timeout of one hour ensures that the connection is
            // finally closed.
            let response = try await self.execute(request, timeout: .seconds(3600), logger: nil)
            // After a redirect, the response does not come from the gateway.
            guard response.history.count <= 1 else { return .failure(.interrupted) }
            let body = try await response.body.collect(upTo: Self.maximumResponseSize)
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

    /// Classifies an error of the HTTP client.
    ///
    /// A request is written only after the TLS handshake. An error while establishing a connection therefore proves that
    /// nothing was written. After any other error, the request may have been written.
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
            if error == .alreadyShutdown { return .shutDown }
            let beforeWriting: [HTTPClientError] = [
                .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout, .invalidURL,
                .invalidProxyResponse, .proxyAuthenticationRequired, .httpProxyHandshakeTimeout,
            ]
            if beforeWriting.contains(error) { return .notWritten }
            return [.readTimeout, .writeTimeout, .deadlineExceeded].contains(error) ? .timeout : .interrupted
        case is NIOTooManyBytesError:
            return .oversizedResponse
        default:
            return .interrupted
        }
    }
}
