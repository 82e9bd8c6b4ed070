// SPDX-License-Identifier: Apache-2.0

extension RedisClient {
    /// Runs a script by its digest, or by its source if the server has not cached the script.
    ///
    /// A server that replies `NOSCRIPT` has not run the script, so sending the source afterwards is safe.
    ///
    /// A cancelled caller still waits for the reply or the command timeout.
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
