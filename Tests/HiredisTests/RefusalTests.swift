// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOPosix
import PrivateRedis
import Testing

@testable import Hiredis

/// Tests of error messages about rejected setup commands, invalid addresses and redirections.
@Suite struct RefusalTests {
    @Test func anUnexpectedPasswordIsReported() async throws {
        try await withPrivateRedis { server in
            var configuration = try server.configuration()
            configuration.password = "hunter2"
            try await withClient(configuration) { client in
                let error = await failure(client, "PING")
                #expect(error?.code == .authenticationFailed)
                #expect(
                    error?.message.contains("without any password configured for the default user") == true,
                    "\(error as Any)"
                )
                #expect(error?.message.contains("remove the password") == true)
                #expect(!"\(error as Any)".contains("hunter2"))
            }
        }
    }

    @Test func anUnknownDatabaseIsReported() async throws {
        try await withPrivateRedis { server in
            var configuration = try server.configuration()
            configuration.database = 99
            try await withClient(configuration) { client in
                let error = await failure(client, "PING")
                #expect(error?.code == .connectionFailed)
                #expect(error?.message.contains("DB index is out of range") == true, "\(error as Any)")
            }
        }
    }

    @Test(arguments: [
        ("-ERR Client sent AUTH, but no password is set", "no password is set"),
        ("-WRONGPASS invalid username-password pair or user is disabled.", "invalid username-password pair"),
        ("-ERR invalid password", "check the password"),
        ("-ERR unknown command 'AUTH', with args beginning with: 'hunter2'", "rejected AUTH with ERR"),
        ("-ERR hunter2 Client sent AUTH, but no password is set", "rejected AUTH with ERR"),
    ])
    func onlyKnownSentencesAreShown(_ answer: String, _ expected: String) async throws {
        try await withPeer(Peer.Script(answers: [answer + "\r\n"])) { _, configuration in
            var configuration = configuration
            configuration.password = "hunter2"
            try await withClient(configuration) { client in
                let error = await failure(client, "PING")
                #expect(error?.code == .authenticationFailed)
                #expect(error?.message.contains(expected) == true, "\(error as Any)")
                #expect(!"\(error as Any)".contains("hunter2"))
            }
        }
    }

    @Test func anUnexpectedPasswordForASentinelIsReported() async throws {
        let answer =
            "-ERR AUTH <password> called without any password configured for the default user. Are you sure?\r\n"
        try await withPeer(Peer.Script(answers: [answer])) { _, configuration in
            guard case .standalone(let endpoint) = configuration.deployment.kind else { throw Unexpected() }
            var sentinel = RedisConfiguration.Sentinel(sentinels: [endpoint], primaryName: "p")
            sentinel.password = "hunter2"
            try await withClient(RedisConfiguration(deployment: .sentinel(sentinel)).patient) { client in
                let error = await failure(client, "PING")
                #expect(error?.code == .authenticationFailed)
                #expect(error?.message.contains("without any password configured") == true, "\(error as Any)")
            }
        }
    }

    // MARK: Addresses

    @Test func aMissingSocketIsNamed() async throws {
        try await withClient(RedisConfiguration(endpoint: .unixSocket(path: "/nonexistent/redis.sock")).patient) {
            client in
            let message = try #require(await failure(client, "PING")?.message)
            #expect(message.contains("the server's socket: it does not exist"), "\(message)")
            #expect(!message.contains("/nonexistent"), "\(message)")
        }
    }

    @Test func fileThatIsNotASocketIsRefusedWithoutItsPath() async throws {
        let path = FileManager.default.temporaryDirectory.path + "/refusal-\(UInt32.random(in: .min ... .max))"
        try Data().write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await withClient(RedisConfiguration(endpoint: .unixSocket(path: path)).patient) { client in
            let error = try #require(await failure(client, "PING"))
            #expect(error.message.contains("the server's socket"), "\(error)")
            #expect(!"\(error)".contains(path), "\(error)")
        }
    }

    @Test func socketWithoutAListenerIsRefusedWithoutItsPath() async throws {
        try await withPrivateRedis { server in
            // A killed server does not remove its socket file.
            let path = server.socketPath + ".old"
            try FileManager.default.moveItem(atPath: server.socketPath, toPath: path)
            try await server.stop()
            try await withClient(RedisConfiguration(endpoint: .unixSocket(path: path)).patient) { client in
                let message = try #require(await failure(client, "PING")?.message)
                #expect(message.contains("no server listens") && !message.contains(path), "\(message)")
            }
        }
    }

    @Test func missingReplyOnASocketIsReportedWithoutItsPath() async throws {
        try await withPrivateRedis { server in
            var configuration = RedisConfiguration(endpoint: .unixSocket(path: server.socketPath))
            configuration.commandTimeout = .seconds(1)
            try await withClient(configuration) { client in
                // The server holds the reply back for longer than the timeout.
                let error = try #require(await failure(client, "BLPOP", [.text("missing"), .integer(60)]))
                #expect(error.message.hasPrefix("the server did not reply") || error.message.contains("not written"))
                #expect(!"\(error)".contains(server.socketPath))
            }
        }
    }

    @Test func lengthOfAPathThatIsTooLongIsNamed() async throws {
        let path = "/" + String(repeating: "p", count: 110)
        try await withClient(RedisConfiguration(endpoint: .unixSocket(path: path)).patient) { client in
            let error = await failure(client, "PING")
            #expect(error?.code == .invalidConfiguration)
            #expect(error?.message.contains("must have 1 to 103 bytes, and has 111") == true)
            #expect(error?.message.contains("ppp") == false)
        }
    }

    @Test func anAddressThatRefusesIsNamed() async throws {
        let port = try await freePort()
        try await withClient(RedisConfiguration(endpoint: .tcp(host: "127.0.0.1", port: port)).patient) { client in
            let message = try #require(await failure(client, "PING")?.message)
            #expect(message.contains("127.0.0.1:\(port)"), "\(message)")
        }
    }

    // MARK: Missing rights

    @Test(arguments: [
        "NOPERM User alice has no permissions to run the 'evalsha' command",
        "NOPERM ACL failure in script: User alice has no permissions to run the 'set' command",
        "NOPERM No permissions to access a key", "NOPERM User alice has no permissions to access the 'alice' key",
        "NOPERM User alice has no permissions to access the 'x' channel",
    ])
    func aMissingRightIsNamedWithoutTheUser(_ text: String) {
        let error = RedisError(serverText: text)
        #expect(error.serverErrorKind == "NOPERM" && !"\(error)".contains("alice"), "\(error)")
        #expect(error.message.contains("'evalsha' command") == text.contains("evalsha"), "\(error)")
        #expect(error.message.contains("key") == text.contains("key"), "\(error)")
    }

    // MARK: Redirections

    @Test(arguments: ["MOVED 12182 ?:7001", "ASK 12182 ?:7001", "MOVED 12182 :7001", "MOVED 12182", "MOVED"])
    func aRedirectionWithoutAnAddressNamesTheSettings(_ text: String) {
        let message = RedisError(serverText: text).message
        #expect(message.contains("cluster-announce-ip") && message.contains("cluster-announce-hostname"), "\(message)")
        #expect(message.contains("cluster-preferred-endpoint-type"))
    }

    @Test(arguments: ["MOVED 12182 10.0.0.1:7001", "ASK 12182 ::1:7001"])
    func anUnexpectedRedirectionNamesTheURLOfAClusterDeployment(_ text: String) {
        let message = RedisError(serverText: text).message
        #expect(message.contains("redis-cluster://"), "\(message)")
    }

    @Test func aNodeWithoutAnAddressEndsWithTheNamesOfTheSettings() async throws {
        try await withClusterPeers(1) { peers, configuration in
            let peer = peers[0]
            peer.answer { command, _ in
                guard command[0] == "CLUSTER" else { return .say("-MOVED 12182 ?:7001\r\n") }
                let other = "*3\r\n:8192\r\n:16383\r\n*2\r\n$1\r\n?\r\n:7001\r\n"
                return .say("*2\r\n*3\r\n:0\r\n:8191\r\n*2\r\n$9\r\n127.0.0.1\r\n:\(peer.port)\r\n" + other)
            }
            var configuration = configuration
            configuration.commandTimeout = .milliseconds(500)
            try await withClient(configuration) { client in
                // The hash slot of this key is 12182.
                var error: RedisError?
                try await eventually {
                    // On a slow machine, the timeout may elapse before the first reply.
                    error = await failure(client, "GET", ["foo"])
                    return error?.serverErrorKind == "MOVED"
                }
                #expect(error?.message.contains("cluster-announce-ip") == true, "\(error as Any)")
            }
        }
    }
}
