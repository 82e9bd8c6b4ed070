// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOSSL
import Testing

@testable import AlibabaSMS

/// Tests that a request counts as not written only after an error while connecting.
@Suite struct SendFailureTests {
    @Test func connectionErrorsMeanNothingWasWritten() {
        let errors: [any Error] = [
            HTTPClientError.connectTimeout, HTTPClientError.tlsHandshakeTimeout,
            HTTPClientError.getConnectionFromPoolTimeout, HTTPClientError.proxyAuthenticationRequired,
            HTTPClientError.invalidProxyResponse, HTTPClientError.httpProxyHandshakeTimeout,
            NIOSSLExtraError.failedToValidateHostname, NIOSSLExtraError.serverHostnameImpossibleToMatch,
            NIOSSLExtraError.cannotUseIPAddressInSNI, NIOSSLExtraError.invalidSNIHostname,
            NIOSSLError.handshakeFailed(.wantRead), IOError(errnoCode: ECONNREFUSED, reason: "connect"),
        ]
        for error in errors { #expect(HTTPClient.failure(error) == .notWritten, "\(error)") }
    }

    @Test func requestTimeoutsMayHaveWritten() {
        let errors: [any Error] = [
            HTTPClientError.readTimeout, HTTPClientError.writeTimeout, HTTPClientError.deadlineExceeded,
        ]
        for error in errors { #expect(HTTPClient.failure(error) == .timeout, "\(error)") }
    }

    @Test func otherErrorsMayHaveWritten() {
        struct Other: Error {}
        let errors: [any Error] = [
            HTTPClientError.remoteConnectionClosed, HTTPClientError.cancelled, HTTPClientError.uncleanShutdown,
            NIOSSLError.uncleanShutdown, NIOSSLExtraError.unknownPrivateKeyFileType,
            IOError(errnoCode: ECONNRESET, reason: "read"),
            IOError(errnoCode: EPIPE, reason: "write"),
            IOError(errnoCode: ETIMEDOUT, reason: "read"), IOError(errnoCode: EHOSTUNREACH, reason: "read"),
            ChannelError.eof,
            CancellationError(), Other(),
        ]
        for error in errors { #expect(HTTPClient.failure(error) == .interrupted, "\(error)") }
    }
}
