// SPDX-License-Identifier: Apache-2.0

import Hiredis
import NIOCore

extension RedisClient {
    /// The bytes that a prefix must not contain, because braces determine the hash slot of a key in a cluster.
    private static let braces = "{}".utf8

    /// Creates the client of a store or a ledger, without connecting.
    ///
    /// - Parameters:
    ///   - configuration: The address of the server, and the settings of the connections.
    ///   - keyPrefix: The first part of the names of all keys.
    ///   - eventLoopGroup: The event loops of the connections.
    /// - Throws: `RedisError.Code.invalidConfiguration` if a setting, a TLS file or the prefix is invalid.
    convenience init(
        configuration: RedisConfiguration,
        keyPrefix: String,
        eventLoopGroup: any EventLoopGroup
    ) throws(RedisError) {
        guard !keyPrefix.utf8.contains(where: Self.braces.contains) else {
            throw RedisError(
                code: .invalidConfiguration,
                message: "the prefix of keys has a brace: choose another prefix"
            )
        }
        self.init(configuration: configuration, eventLoopGroup: eventLoopGroup)
        if let error = self.configurationError { throw error }
    }
}
