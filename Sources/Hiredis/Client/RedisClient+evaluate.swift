// SPDX-License-Identifier: Apache-2.0

extension RedisClient {
    /// Runs a script by its digest, or by its source if the server does not have the script in its cache.
    ///
    /// The second call is safe, because a server that replies `NOSCRIPT` has run nothing. It also makes the server cache the
    /// script.
    ///
    /// A cancelled caller waits for the reply, which arrives within the command timeout. The script may have changed something,
    /// and its result must not be lost.
    /// - Throws: ``RedisError``. The code is ``RedisError/Code/server`` if the reply is an error.
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
