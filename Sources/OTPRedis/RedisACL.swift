// SPDX-License-Identifier: Apache-2.0

public import Hiredis

/// The minimum ACL rules for the Redis user of a service.
public struct RedisACL: Sendable {
    /// The first part of the names of all keys, as in ``RedisOTPStore/init(configuration:prefix:eventLoopGroup:)``.
    public var prefix: String

    /// The commands that the store and its client send, in lower case.
    public private(set) var commands: [String]

    /// Creates the minimum rules for a service.
    ///
    /// - Parameters:
    ///   - configuration: The configuration of the client. A cluster, Sentinel, a database other than 0, and the confirmation
    ///     by replicas need additional commands.
    ///   - prefix: The first part of the names of all keys.
    public init(_ configuration: RedisConfiguration, prefix: String = "otp") {
        self.prefix = prefix
        self.commands = [
            "ping", "time", "eval", "evalsha", "exists", "get", "set", "append", "psetex", "pexpire", "xadd",
            "xrevrange",
        ]
        if configuration.database != 0 { self.commands.append("select") }
        if configuration.minimumReplicas > 0 { self.commands.append("wait") }
        switch configuration.deployment.kind {
        case .standalone: break
        case .sentinel: self.commands.append("role")
        case .cluster: self.commands += ["cluster|slots", "asking"]
        }
    }

    /// The rules as arguments of `ACL SETUSER`, without the user name and the password.
    public var rules: String {
        let allowed = self.commands.map { "+\($0)" }.joined(separator: " ")
        return "resetkeys ~\(self.prefix):* resetchannels -@all \(allowed)"
    }

    /// Returns the commands that a user may not run.
    ///
    /// The method runs each command on a test key that expires immediately.
    ///
    /// - Parameter client: A client that is logged in as the user.
    /// - Returns: The commands that the user may not run, and `~PREFIX:*` if the user may not access the keys.
    /// - Throws: ``RedisError`` if the server is not reachable.
    package func missing(_ client: RedisClient) async throws(RedisError) -> [String] {
        var missing: [String] = []
        for command in self.commands {
            do throws(RedisError) {
                _ = try await client.send(command.split(separator: "|")[0].uppercased(), self.trial(of: command))
            } catch {
                guard error.code == .server else { throw error }
                guard error.serverErrorKind == "NOPERM" else { continue }
                let keys = "~\(self.prefix):*"
                let right = error.message.contains(/\bkeys?\b/) ? keys : command
                if !missing.contains(right) { missing.append(right) }
            }
        }
        return missing
    }

    /// Returns arguments with which a command has no lasting effect.
    ///
    /// The server checks the user's rights before it rejects invalid arguments.
    private func trial(of command: String) -> [RedisArgument] {
        let key = RedisArgument.text("\(self.prefix):{doctor}")
        switch command {
        case "exists", "get": return [key]
        // `SET` creates the key with a TTL for the later commands. `APPEND` keeps this TTL, but would create a new key without
        // a TTL.
        case "set": return [key, "", "PX", "1000"]
        case "psetex": return [key, "1", ""]
        case "append": return [key, ""]
        case "pexpire": return [key, "1"]
        // Nothing is added, because the key does not exist or is not a stream.
        case "xadd": return [key, "NOMKSTREAM", "*", "v", "0"]
        case "xrevrange": return [key, "+", "-", "COUNT", "1"]
        case "eval": return ["return 1", "1", key]
        case "evalsha": return [.text(String(repeating: "0", count: 40)), "1", key]
        case "select": return ["not a number"]
        case "wait": return ["0", "1"]
        case "cluster|slots": return ["SLOTS"]
        default: return []
        }
    }
}
