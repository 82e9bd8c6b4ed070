// SPDX-License-Identifier: Apache-2.0

import Hiredis
import NIOCore
import NIOPosix
import OTPRedis

/// An object that owns connections to the store.
protocol StoreConnections: Sendable {
    /// Closes all connections.
    func shutdown() async
}

extension RedisAuditStream: StoreConnections {}
extension RedisOTPStore: StoreConnections {}
extension RedisSendLedger: StoreConnections {}

/// Creates an object with connections to the store, passes it to a closure, and then closes the connections.
///
/// - Parameters:
///   - redis: The configuration with the address of the store.
///   - create: Creates the object, whose connections must use the given event loop.
///   - work: The closure that uses the object.
/// - Returns: The result of the closure.
/// - Throws: ``CommandFailure`` with the address if the store is not reachable. Other errors of the closures are passed on.
func withConnections<Connections: StoreConnections, Result: Sendable>(
    to redis: RedisConfiguration,
    _ create: (RedisConfiguration, any EventLoop) throws -> Connections,
    _ work: (Connections) async throws -> Result
) async throws -> Result {
    do {
        let connections = try create(redis, MultiThreadedEventLoopGroup.singleton.next())
        let result = await asyncResult { try await work(connections) }
        await connections.shutdown()
        return try result.get()
    } catch let error as RedisError {
        throw CommandFailure.unreachable("the store at \(redis.deployment)", reason(error))
    }
}
