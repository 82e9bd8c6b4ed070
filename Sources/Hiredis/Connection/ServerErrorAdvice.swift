// SPDX-License-Identifier: Apache-2.0

/// The error messages for setup commands that the server rejected, such as `AUTH`.
enum ServerErrorAdvice {
    /// The beginnings of known error texts of Redis and Valkey, each with a remedy.
    ///
    /// A message can quote these beginnings, because they contain no command arguments, such as a password.
    private static let knownErrors: [(prefix: String, remedy: String)] = [
        (
            "ERR AUTH <password> called without any password configured for the default user",
            "remove the password from the settings, or set requirepass on the server"
        ),
        (
            "ERR Client sent AUTH, but no password is set",
            "remove the password from the settings, or set requirepass on the server"
        ),
        ("ERR DB index is out of range", "choose a database that the server has (see its setting databases)"),
        ("ERR SELECT is not allowed in cluster mode", "use redis-cluster:// or database 0"),
        ("WRONGPASS invalid username-password pair", "check the user and the password"),
        ("ERR invalid password", "check the password"),
        ("NOAUTH Authentication required", "the server requires a password"),
    ]

    /// Returns a message about a rejected command.
    ///
    /// - Parameters:
    ///   - command: The name of the command.
    ///   - server: The name of the server.
    ///   - text: The error text of the server. An unknown text may contain command arguments, so the message quotes only its
    ///     error kind.
    /// - Returns: The message, in one line.
    static func message(_ command: String, rejectedBy server: String, _ text: String) -> String {
        guard let known = Self.knownErrors.first(where: { text.hasPrefix($0.prefix) }) else {
            return "\(server) rejected \(command) with \(RedisError.kind(of: text))"
        }
        return "\(server) rejected \(command) with \"\(known.prefix)\": \(known.remedy)"
    }
}
