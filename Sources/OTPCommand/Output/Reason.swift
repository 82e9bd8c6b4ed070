// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Hiredis
import NIOCore
import NIOPosix
import SystemPackage

/// Returns the reason why a server is not reachable, without any data that was sent to the server.
func reason(_ error: any Error) -> String {
    switch error {
    case let error as RedisError:
        let message = error.message.hasSuffix(".") ? String(error.message.dropLast()) : error.message
        return error.cause.map { "\(message): \(reason($0))" } ?? message
    case let error as NIOConnectionError:
        if let failure = error.connectionErrors.first { return reason(failure.error) }
        return error.dnsAError != nil || error.dnsAAAAError != nil ? "no address for the name was found" : "\(error)"
    case let error as IOError:
        return "\(Errno(rawValue: error.errnoCode))"
    case let error as HTTPClientError:
        return error.shortDescription
    default:
        return "\(error)"
    }
}
