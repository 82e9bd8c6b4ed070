// SPDX-License-Identifier: Apache-2.0

extension RedisClient {
    /// Runs a script by its digest, and by its source if the server does not have it cached.
    ///
    /// The second call is safe, because a server that replies `NOSCRIPT` has not run anything. It also caches the script.
    ///
    /// A cancelled caller waits for the reply, within the command timeout: the script may have changed something, and its reply
    /// would be lost.
    /// - Throws: ``RedisError``; ``RedisError/Code/server`` if the reply is an error.
    package func evaluate(
        _ script: RedisScript,
        keys: [String],
        arguments: [RedisArgument]
    ) async throws(RedisError) -> RedisReply {
        do throws(RedisError) {
            let call = RedisCommand.ScriptCall(script: script.sha1, keys: keys)
            return try await self.perform(
                RedisCommand(name: "EVALSHA", scriptCall: call, arguments: arguments, isCancellable: false)
            )
        } catch {
            guard error.code == .server, error.serverErrorKind == "NOSCRIPT" else { throw error }
            let call = RedisCommand.ScriptCall(script: script.source, keys: keys)
            return try await self.perform(
                RedisCommand(name: "EVAL", scriptCall: call, arguments: arguments, isCancellable: false)
            )
        }
    }
}
