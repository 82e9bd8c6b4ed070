// SPDX-License-Identifier: Apache-2.0

import Hiredis
import Testing

@Suite struct ConfigurationTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var url: String
        var endpoint: RedisConfiguration.Endpoint
        var username: String?
        var password: String?
        var database = 0

        var testDescription: String { self.url }
    }

    static let accepted: [Case] = [
        Case(url: "redis://localhost", endpoint: .tcp(host: "localhost", port: 6379)),
        Case(url: "REDIS://localhost/", endpoint: .tcp(host: "localhost", port: 6379)),
        Case(url: "redis://h:1/15", endpoint: .tcp(host: "h", port: 1), database: 15),
        Case(url: "redis://:pw@h:65535", endpoint: .tcp(host: "h", port: 65535), password: "pw"),
        Case(url: "redis://u:pw@h", endpoint: .tcp(host: "h", port: 6379), username: "u", password: "pw"),
        Case(url: "redis://u@h", endpoint: .tcp(host: "h", port: 6379), username: "u"),
        Case(url: "redis://u:p%40%2F%3A%25@h", endpoint: .tcp(host: "h", port: 6379), username: "u", password: "p@/:%"),
        Case(url: "redis://:a%2541@h", endpoint: .tcp(host: "h", port: 6379), password: "a%41"),
        Case(url: "redis://:a:b@c@h", endpoint: .tcp(host: "h", port: 6379), password: "a:b@c"),
        Case(url: "redis://[::1]", endpoint: .tcp(host: "::1", port: 6379)),
        Case(
            url: "redis://:x@[fe80::1]:7000/2",
            endpoint: .tcp(host: "fe80::1", port: 7000),
            password: "x",
            database: 2
        ),
        Case(url: "redis://h?db=3", endpoint: .tcp(host: "h", port: 6379), database: 3),
        Case(url: "unix:///run/redis.sock", endpoint: .unixSocket(path: "/run/redis.sock")),
        Case(
            url: "unix:///a%20b?db=4&username=me&password=s%26t",
            endpoint: .unixSocket(path: "/a b"),
            username: "me",
            password: "s&t",
            database: 4
        ),
        Case(url: "unix://:pw@/s", endpoint: .unixSocket(path: "/s"), password: "pw"),
    ]

    @Test(arguments: accepted)
    func urlIsRead(_ expected: Case) throws {
        let configuration = try RedisConfiguration(url: expected.url)
        #expect(configuration.deployment == .standalone(expected.endpoint))
        #expect(configuration.username == expected.username)
        #expect(configuration.password == expected.password)
        #expect(configuration.database == expected.database)
    }

    @Test func urlsOfSentinelsAreRead() throws {
        let plain = try RedisConfiguration(url: "redis-sentinel://u:p%40w@a,b:7,[::1]:8,[::2]/3?master=m%20n")
        var sentinel = RedisConfiguration.Sentinel(
            sentinels: [
                .tcp(host: "a", port: 26379), .tcp(host: "b", port: 7), .tcp(host: "::1", port: 8),
                .tcp(host: "::2", port: 26379),
            ],
            primaryName: "m n"
        )
        #expect(plain.deployment == .sentinel(sentinel))
        #expect(plain.username == "u")
        #expect(plain.password == "p@w")
        #expect(plain.database == 3)
        #expect(plain.tls == nil)
        #expect(try RedisConfiguration(url: "redis-sentinel://a,b#m%23").deployment.description.hasPrefix("m# at "))
        #expect(try RedisConfiguration(url: "redis-sentinel://a?master=m#m").database == 0)

        let encrypted = try RedisConfiguration(
            url: "rediss-sentinel://a?sentinel-username=su&sentinel-password=s%25p&master=m&password=x&servername=n"
        )
        sentinel = RedisConfiguration.Sentinel(sentinels: [.tcp(host: "a", port: 26379)], primaryName: "m")
        sentinel.username = "su"
        sentinel.password = "s%p"
        #expect(encrypted.deployment == .sentinel(sentinel))
        #expect(encrypted.username == nil)
        #expect(encrypted.password == "x")
        #expect(encrypted.tls?.serverName == "n")
    }

    @Test func urlsOfClustersAreRead() throws {
        for url in ["redis-cluster://u:p@a:1,b", "redis-cluster://u:p@a:1,b/0", "rediss-cluster://u:p@a:1,b/?db=0"] {
            let configuration = try RedisConfiguration(url: url)
            #expect(configuration.deployment == .cluster([.tcp(host: "a", port: 1), .tcp(host: "b", port: 6379)]))
            #expect(configuration.username == "u")
            #expect(configuration.password == "p")
            #expect((configuration.tls != nil) == url.hasPrefix("rediss"))
        }
    }

    @Test func urlsWithTLSAreRead() throws {
        #expect(try RedisConfiguration(url: "redis://h").tls == nil)
        #expect(try RedisConfiguration(url: "rediss://h").tls == RedisConfiguration.TLS())
        let url = "REDISS://:pw@h:1/2?ca=/a%20b.pem&cert=/c.pem&key=/k.pem&servername=redis.test"
        let configuration = try RedisConfiguration(url: url)
        #expect(configuration.deployment == .standalone(.tcp(host: "h", port: 1)))
        #expect(configuration.database == 2)
        var tls = RedisConfiguration.TLS()
        tls.trustedCertificatesFile = "/a b.pem"
        tls.certificateChainFile = "/c.pem"
        tls.privateKeyFile = "/k.pem"
        tls.serverName = "redis.test"
        #expect(configuration.tls == tls)
        #expect(!tls.insecurelyAcceptsAnyCertificate)
    }

    @Test(arguments: ["redis-sentinel://h?master=m", "redis://h"])
    func invalidSettingsFailEveryCommand(_ url: String) async throws {
        var configuration = try RedisConfiguration(url: url)
        if case .sentinel(var sentinel) = configuration.deployment.kind {
            sentinel.sentinels = []
            configuration.deployment = .sentinel(sentinel)
        } else {
            configuration.minimumReplicas = -1
        }
        try await withClient(configuration) { client in
            for _ in 0..<2 {
                #expect(await failure(client, "PING")?.code == .invalidConfiguration)
            }
        }
    }

    struct Setting: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// The name of the setting that the error must contain.
        var name: String
        var change: @Sendable (inout RedisConfiguration) -> Void

        init(_ description: String, _ name: String, _ change: @escaping @Sendable (inout RedisConfiguration) -> Void) {
            self.testDescription = description
            self.name = name
            self.change = change
        }
    }

    static let unusable: [Setting] = [
        Setting("no command", "maximumCommandsInFlight") { $0.maximumCommandsInFlight = 0 },
        Setting("-1 commands", "maximumCommandsInFlight") { $0.maximumCommandsInFlight = -1 },
        Setting("fewest commands", "maximumCommandsInFlight") { $0.maximumCommandsInFlight = .min },
        Setting("most commands", "maximumCommandsInFlight") { $0.maximumCommandsInFlight = .max },
        Setting("no byte", "maximumBytesInFlight") { $0.maximumBytesInFlight = 0 },
        Setting("most bytes", "maximumBytesInFlight") { $0.maximumBytesInFlight = .max },
        Setting("no time", "commandTimeout") { $0.commandTimeout = .zero },
        Setting("negative time", "commandTimeout") { $0.commandTimeout = .seconds(-1) },
        Setting("longest time", "commandTimeout") { $0.commandTimeout = .seconds(Int64.max) },
        Setting("no time to connect", "connectTimeout") { $0.connectTimeout = .zero },
        Setting("negative time to connect", "connectTimeout") { $0.connectTimeout = .nanoseconds(-1) },
        Setting("no pause", "healthCheckInterval") { $0.healthCheckInterval = .zero },
        Setting("negative pause", "healthCheckInterval") { $0.healthCheckInterval = .seconds(-30) },
        Setting("half a second", "keepAliveInterval") { $0.keepAliveInterval = .milliseconds(500) },
        Setting("a day", "keepAliveInterval") { $0.keepAliveInterval = .seconds(86_400) },
        Setting("-1 replicas", "minimumReplicas") { $0.minimumReplicas = -1 },
        Setting("database -1", "database") { $0.database = -1 },
        Setting("no depth", "limits") { $0.limits.nesting = 0 },
        Setting("negative length", "limits") { $0.limits.replyLength = -1 },
        Setting("port 0", "port") { $0.deployment = .standalone(.tcp(host: "h", port: 0)) },
        Setting("no host", "host") { $0.deployment = .cluster([.tcp(host: "", port: 1)]) },
        Setting("no path", "socket path") { $0.deployment = .standalone(.unixSocket(path: "")) },
        Setting("no node", "node") { $0.deployment = .cluster([]) },
        Setting("no sentinel", "sentinel") {
            $0.deployment = .sentinel(RedisConfiguration.Sentinel(sentinels: [], primaryName: "m"))
        },
        Setting("a database of a cluster", "database") {
            $0.deployment = .cluster([.tcp(host: "h", port: 1)])
            $0.database = 1
        },
    ]

    @Test(arguments: unusable)
    func aSettingOutOfRangeIsNamed(_ setting: Setting) async throws {
        var configuration = RedisConfiguration(endpoint: .tcp(host: "127.0.0.1", port: 1))
        try configuration.validate()
        setting.change(&configuration)
        let changed = configuration
        let error = #expect(throws: RedisError.self) { try changed.validate() }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.contains(setting.name) == true, "\(error as Any)")
        try await withClient(configuration) { client in
            let error = await failure(client, "PING")
            #expect(error?.code == .invalidConfiguration)
            #expect(error?.message.contains(setting.name) == true, "\(error as Any)")
            #expect(client.counters.connectionsAttempted == 0)
        }
    }

    @Test func theSettingsAtTheirBoundsAreUsable() throws {
        var configuration = RedisConfiguration(endpoint: .unixSocket(path: "/" + String(repeating: "p", count: 102)))
        configuration.maximumCommandsInFlight = 1
        configuration.maximumBytesInFlight = 1
        configuration.commandTimeout = .nanoseconds(1)
        configuration.connectTimeout = .seconds(86_400)
        configuration.healthCheckInterval = nil
        configuration.keepAliveInterval = nil
        try configuration.validate()
        configuration.keepAliveInterval = .seconds(32_767)
        configuration.maximumCommandsInFlight = 1 << 22
        configuration.maximumBytesInFlight = 1 << 36
        try configuration.validate()
    }

    @Test(arguments: [
        "", "hunter2", "redis:hunter2", "http://hunter2", "redis://", "redis://:hunter2@", "redis://:hunter2@:1",
        "redis://h:hunter2",
        "redis://h:0", "redis://h:65536", "redis://h:-1", "redis://h:+1", "redis://:hunter2/x@h", "redis://:hunter2#@h",
        "redis://h/hunter2",
        "redis://h/-1", "redis://:hunter2%@h", "redis://:hunter2%zz@h", "redis://:hunter2%ff@h",
        "redis://:hunter2%00@h",
        "redis://[::1", "redis://[::1]hunter2", "redis://h?hunter2", "redis://h?hunter2=hunter2",
        "redis://h?db=hunter2",
        "unix://hunter2/path", "unix://", "unix:///", "unix:///p?hunter2=1", "unix:///p?db=",
        "redis://h/9999999999999999999999", "redis://h/hunter2?db=1", "redis://h/1?db=2", "redis://h?db=1&db=1",
        "redis://h,hunter2", "redis://h/0#hunter2", "unix:///p#hunter2",
        "redis://h?ca=hunter2", "redis://h?servername=hunter2", "redis://h?master=hunter2",
        "unix:///p?ca=hunter2", "redis-cluster://h?ca=hunter2", "redis-sentinel://h?master=m&key=hunter2",
        "rediss://h?cert=hunter2", "rediss://h?key=hunter2", "rediss://h?ca=", "rediss://h?servername=",
        "rediss://h?ca=hunter2&ca=hunter2", "rediss://h?sentinel-password=hunter2",
        "redis-sentinel://hunter2", "redis-sentinel://:hunter2@h/0", "redis-sentinel://?master=m",
        "redis-sentinel://h?master=", "redis-sentinel://h#", "redis-sentinel://h?master=hunter2#other",
        "redis-sentinel://hunter2,?master=m", "redis-sentinel://h,,hunter2?master=m",
        "redis-sentinel://h:hunter2,i?master=m", "redis-sentinel://[::1,hunter2]?master=m",
        "redis-sentinel://h/hunter2?master=m", "redis-sentinel://h?master=%zzhunter2",
        "redis-cluster://", "redis-cluster://:hunter2@", "redis-cluster://h/1", "redis-cluster://h?db=1",
        "redis-cluster://h/hunter2", "redis-cluster://h?master=hunter2", "rediss-unix:///hunter2", "redis-hunter2://h",
    ])
    func anInvalidURLIsRejectedWithoutRepeatingIt(_ url: String) {
        let error = #expect(throws: RedisError.self) { try RedisConfiguration(url: url) }
        #expect(error?.code == .invalidConfiguration)
        #expect(!"\(String(describing: error)) \(String(reflecting: error))".contains("hunter2"))
    }

    @Test(arguments: [
        "redis://me:hunter2@h/1",
        "rediss-sentinel://:hunter2@h?master=m&sentinel-username=me&sentinel-password=hunter2&ca=/ca.pem",
    ])
    func nothingPrintsThePassword(_ url: String) throws {
        let configuration = try RedisConfiguration(url: url)
        var dumped = ""
        dump(configuration, to: &dumped)
        dump([configuration], to: &dumped)
        for text in [
            "\(configuration)", String(reflecting: configuration), "\([configuration])",
            "\(Optional(configuration) as Any)", dumped,
        ] {
            #expect(!text.contains("hunter2"))
            #expect(text.contains("redacted"))
        }
    }
}
