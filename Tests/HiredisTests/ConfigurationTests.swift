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
        "redis://h/9999999999999999999999",
    ])
    func urlIsRefusedWithoutRepeatingIt(_ url: String) {
        let error = #expect(throws: RedisError.self) { try RedisConfiguration(url: url) }
        #expect(error?.code == .invalidConfiguration)
        #expect(!"\(String(describing: error)) \(String(reflecting: error))".contains("hunter2"))
    }

    @Test(arguments: [
        "rediss://:hunter2@h", "redis-sentinel://:hunter2@h/0?master=m", "redis-cluster://:hunter2@h1,h2",
    ])
    func whatIsNotSupportedYetSaysSo(_ url: String) {
        let error = #expect(throws: RedisError.self) { try RedisConfiguration(url: url) }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.contains("not supported yet") == true)
        #expect(error?.description.contains("hunter2") == false)
    }

    @Test func nothingPrintsThePassword() throws {
        let configuration = try RedisConfiguration(url: "redis://me:hunter2@h/1")
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
