import AsyncHTTPClient
import Foundation
import NIOCore
import NIOSSL
import Testing

@testable import AlibabaSMS

/// Only an error of making a connection may count as "nothing was written".
@Suite struct SendFailureTests {
    @Test func errorsOfMakingAConnectionWroteNothing() {
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

    @Test func timeoutsOfARequestMayHaveWritten() {
        let errors: [any Error] = [
            HTTPClientError.readTimeout, HTTPClientError.writeTimeout, HTTPClientError.deadlineExceeded,
        ]
        for error in errors { #expect(HTTPClient.failure(error) == .timeout, "\(error)") }
    }

    @Test func whateverElseMayHaveWritten() {
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
