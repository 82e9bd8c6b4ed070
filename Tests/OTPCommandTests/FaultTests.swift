// SPDX-License-Identifier: Apache-2.0

import Foundation
import MovableClock
import NIOCore
import NIOPosix
import Subprocess
import SystemPackage
import Testing

/// Tests of the exit statuses and messages of `otp` after faults.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct FaultTests {
    static let number = "+65 9123 4567"
    static let token = "v1." + String(repeating: "A", count: 43)

    @Test(arguments: [
        ["issue", "12"], ["issue", "hello"], ["issue", number, "--purpose", "Nope!"],
        ["issue", number, "--locale", "tlh"], ["verify", number, "v1.short", "123456"], ["verify", number],
        ["verify", number, token, "123456", "more"],
        ["verify", number, token, "123456", "--audience", "two words"], ["verify", number, token, "--audience", ""],
        ["status", number, "token"], ["issue"], ["nonsense"],
        ["demo", "--once", "--env-file", "x"], ["demo", "--port", "99999"], ["inbox", "wait", number, "--since", "x"],
        ["emulator", "--access-key", "onlyid"], ["emulator"],
        ["emulator", "--accept-any", "--qps", "Nope=1"], ["emulator", "--accept-any", "--balance", "x"],
        ["emulator", "--accept-any", "--faults", "/nowhere"], ["emulator", "--accept-any", "--daily-limit=-1"],
        ["emulator", "--accept-any", "--report-url", "http://example.com/"],
        ["emulator", "--accept-any", "--host", "0.0.0.0"], ["emulator", "--accept-any", "--allowed-host", "a b"],
        ["emulator", "--accept-any", "--account", "/nowhere"], ["inbox", "list", "--after", "1"],
        ["inbox", "wait", number, "--after", "x.y"],
    ])
    func invalidArgumentsAreRefused(arguments: [String]) async throws {
        let run = try await Program.run(arguments)
        #expect(run.status == 64, "\(run)")
        #expect(run.output.isEmpty && !run.errors.isEmpty)
    }

    @Test(arguments: [
        (["issue", number, "--context"], "--context"), (["issue", number, "--context=x"], "--context"),
        (["verify", number, token, "123456", "--context"], "--context"), (["issue"], "argument 2"),
        (["resend", number, token, "--context"], "--context"), (["issue", number, "--purpose"], "--purpose"),
        (["inbox", "list", "--inbox-url"], "--inbox-url"), (["verify", number, token], "argument 4"),
    ])
    func refusesAnArgumentThatIsNotUTF8(arguments: [String], subject: String) async throws {
        for bytes in ["\\377", "10 EUR\\303", "\\355\\240\\200", "\\300\\257"] {
            let words = arguments.map { "'\($0)'" }
            let isJoined = arguments.last?.hasSuffix("=x") == true
            let script =
                "exec \"$0\" \(words.joined(separator: " "))\(isJoined ? "" : " ")\"$(printf '\(bytes)')\" --json"
            let run = try await Self.shell(script)
            #expect(run.status == 64, "\(run)")
            #expect(try run.error.message.contains(subject) && run.error.message.contains("not UTF-8"), "\(run)")
        }
    }

    @Test(arguments: ["OTP_BRAND", "OTP_KEYS", "OTP_COUNTRIES", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"])
    func refusesASettingThatIsNotUTF8(variable: String) async throws {
        let run = try await Self.shell(
            "export \(variable)=\"$(printf 'a\\377')\"; exec \"$0\" issue '\(Self.number)' --json"
        )
        #expect(run.status == 78, "\(run)")
        #expect(try run.error.message.contains(variable), "\(run)")
    }

    @Test func controlCharactersOfArgumentsAreEscaped() async throws {
        for (script, shown) in [
            ("exec \"$0\" \"$(printf 'non\\033[2Jsense')\"", "\\u{1B}[2J"),
            ("exec \"$0\" inbox list --inbox-url \"$(printf 'http://127.0.0.1:1/\\302\\233x')\"", "\\u{9B}x"),
            ("exec \"$0\" issue --unknown=\"$(printf '\\342\\200\\256')\"", "\\u{202E}"),
        ] {
            let run = try await Self.shell(script)
            #expect(run.status != 0, "\(run)")
            #expect(run.errors.contains(shown) || !run.errors.contains("127.0.0.1"), "\(run)")
            let acting = run.errors.unicodeScalars.filter { ["\u{1B}", "\u{9B}", "\u{202E}"].contains($0) }
            #expect(acting.isEmpty, "\(run)")
        }
    }

    @Test func missingSettingIsNamed() async throws {
        try await Demo.run { demo in
            for (variable, command) in [
                ("OTP_REDIS_URL", "verify"), ("OTP_KEYS", "verify"), ("OTP_REDIS_URL", "issue"), ("OTP_KEYS", "issue"),
                ("OTP_COUNTRIES", "issue"), ("ALIBABA_CLOUD_ACCESS_KEY_ID", "issue"),
                ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "issue"),
            ] {
                let rest = command == "verify" ? [Self.token, "123456"] : []
                for value in [nil, ""] as [String?] {
                    var environment = demo.environment
                    environment[variable] = value
                    let run = try await Program.run([command, Self.number, "--json"] + rest, environment: environment)
                    #expect(run.status == 78, "\(run)")
                    let error = try run.error
                    #expect(error.code == "missingSetting" && error.message.contains(variable), "\(run)")
                }
            }
            let inbox = try await demo.otp("inbox", "list", changing: ["OTP_INBOX_URL": nil, "OTP_SMS_ENDPOINT": nil])
            #expect(inbox.status == 78 && inbox.errors.contains("OTP_INBOX_URL"), "\(inbox)")
        }
    }

    @Test func invalidSettingIsNamedWithoutItsValue() async throws {
        try await Demo.run { demo in
            for (variable, value) in [
                ("OTP_KEYS", "code/1:c2VjcmV0LXZhbHVl"), ("OTP_REDIS_URL", "http://user:secret-value@host"),
                ("OTP_COUNTRIES", "SG,secret-value"), ("OTP_RESEND", "secret-value"), ("OTP_BRAND", "secret-value/x"),
                ("OTP_NUMBER_KINDS", "mobile,secret-value"), ("OTP_NUMBERING_PLAN", "SG secret-value 8"),
                ("OTP_ORIGIN", "https://secret-value"), ("OTP_SMS_SENDER_ID", "secret-value-"),
                ("OTP_SMS_ENDPOINT", "ftp://secret-value"), ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "secret-value?"),
            ] {
                let run = try await demo.otp("issue", Self.number, changing: [variable: value])
                #expect(run.status == 78 && run.errors.contains(variable), "\(run)")
                #expect(!run.description.contains("secret-value") && !run.description.contains("c2VjcmV0"), "\(run)")
            }
        }
    }

    @Test func unreachableStoreIsNamed() async throws {
        try await Demo.run { demo in
            for (url, tried) in [
                ("redis://someone:secret-value@127.0.0.1:1/0", "127.0.0.1:1"),
                ("unix:///nowhere/redis.sock?password=secret-value", "/nowhere/redis.sock"),
            ] {
                let run = try await demo.otp("issue", Self.number, "--json", changing: ["OTP_REDIS_URL": url])
                #expect(run.status == 69, "\(run)")
                #expect(run.errors.isEmpty, "the log repeats the error: \(run)")
                #expect(try run.error.code == "storeUnavailable")
                #expect(try run.error.message.contains(tried), "\(run)")
                #expect(!run.description.contains("secret-value"))
            }
            #expect(try await demo.otp("inbox", "list", "--json").output == "[]\n", "nothing must be sent")
        }
    }

    @Test func unreachableGatewayIsNamedAndTheSendReleased() async throws {
        try await Demo.run { demo, clock in
            let dead = "http://127.0.0.1:1"
            let run = try await demo.otp("issue", Self.number, "--json", "--sms-endpoint", dead)
            #expect(run.status == 69, "\(run)")
            #expect(try run.error.message.contains(dead))
            try await Self.expectOnlyTheShortCooldown(demo, clock)
            let inbox = try await demo.otp("inbox", "list", "--inbox-url", dead)
            #expect(inbox.status == 69 && inbox.errors.contains(dead), "\(inbox)")
        }
    }

    @Test(arguments: [("ALIBABA_CLOUD_ACCESS_KEY_ID", "nobody"), ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "notthesecret")])
    func refusalOfTheGatewayIsShownAndTheSendReleased(variable: String, value: String) async throws {
        try await Demo.run { demo, clock in
            let run = try await demo.otp("issue", Self.number, "--json", changing: [variable: value])
            #expect(run.status == 1, "\(run)")
            let error = try run.error
            #expect(error.code == "deliveryFailed")
            let gateway = try #require(error.gateway)
            #expect(
                gateway.kind == "auth"
                    && ["InvalidAccessKeyId.NotFound", "SignatureDoesNotMatch"].contains(gateway.code)
            )
            #expect(error.message.contains(gateway.code))
            try await Self.expectOnlyTheShortCooldown(demo, clock)
        }
    }

    /// Expects that a rejected send only causes the short cooldown for rejected sends.
    private static func expectOnlyTheShortCooldown(_ demo: Demo, _ clock: MovableClock) async throws {
        let early = try await demo.otp("issue", Self.number, "--json")
        #expect(early.status == 75, "\(early)")
        let error = try early.error
        #expect(error.limit == "refusedSends" && error.retryAfter == 2, "\(early)")
        try clock.advance(by: .seconds(2))
        let next = try await demo.otp("issue", Self.number)
        #expect(next.status == 0, "\(next)")
    }

    @Test func throttlingOfTheGatewayIsShown() async throws {
        try await Demo.run { demo in
            for (number, code, seconds) in [
                ("+44 7700 900004", "Throttling.User", 1...1), ("+44 7700 900013", "ALERT_LIMIT_DAY", 1...86_400),
            ] {
                let run = try await demo.otp("issue", number, "--json")
                #expect(run.status == 75, "\(run)")
                let error = try run.error
                #expect(error.gateway?.code == code && error.gateway?.requestID?.count == 36, "\(run)")
                #expect(error.retryAfter.map { seconds.contains($0) } == true, "\(run)")
            }
            let refused = try await demo.otp("issue", "+44 7700 900003", "--json")
            #expect(refused.status == 1, "\(refused)")
            #expect(try refused.error.retryAfter == nil)
        }
    }

    @Test func acceptedMessageHasARequestID() async throws {
        try await Demo.run { demo in
            let run = try await demo.otp("issue", Self.number, "--json", "-v")
            let requestID = try #require(try run.json(ChallengeDocument.self).delivery.requestID, "\(run)")
            #expect(requestID.count == 36)
            #expect(run.errors.contains("sms.request.id=\(requestID)"), "\(run)")
            #expect(try await demo.otp("inbox", "show", "1", "--json").output.contains(requestID))
        }
    }

    @Test(arguments: ["keys", "keys --json"])
    func lostOutputIsAnError(command: String) async throws {
        let result = try await Subprocess.run(
            .path("/bin/sh"),
            arguments: ["-c", "exec \"$0\" \(command) > /dev/full", Program.path],
            output: .string(limit: 65_536),
            error: .string(limit: 65_536)
        )
        #expect(result.terminationStatus == .exited(1), "\(result.terminationStatus)")
        #expect(result.standardError.contains("the result was lost"), "\(result.standardError)")
        #expect(!result.standardError.contains("code/1"))
    }

    @Test func destinationsAreEnforced() async throws {
        try await Demo.run { demo in
            let other = try await demo.otp("issue", Self.number, "--json", "--countries", "GB, US")
            #expect(other.status == 1, "\(other)")
            #expect(try other.error.code == "destinationNotAllowed")
            #expect(try await demo.otp("issue", "+86 138 0013 8000").status == 1)
            #expect(try await demo.otp("issue", Self.number, "--countries", "sg").status == 0)
        }
    }

    @Test func attemptsRunOut() async throws {
        try await Demo.run { demo in
            let challenge = try await demo.issue(Self.number)
            let token = try #require(challenge.token)
            let code = try await demo.code(Self.number)
            #expect(try await demo.otp("verify", Self.number, token, "12345").status == 2)
            for left in (0..<challenge.attemptsRemaining).reversed() {
                let run = try await demo.otp("verify", Self.number, token, Demo.wrong(code), "--json")
                #expect(run.status == 2, "\(run)")
                #expect(try run.error.attemptsRemaining == left)
            }
            let right = try await demo.otp("verify", Self.number, token, code, "--json")
            #expect(right.status == 2, "\(right)")
            #expect(["attemptsExhausted", "locked"].contains(try right.error.code))
        }
    }

    @Test func doctorChecksTheSettings() async throws {
        try await Demo.run { demo in
            let good = try await demo.otp("doctor", "--json")
            #expect(good.status == 0 && good.output.contains("\"passed\":true"), "\(good)")
            let plain = try await demo.otp("doctor")
            for check in [
                "hiredis", "redis", "eviction", "redis clock", "redis access", "redis steps", "keys", "countries",
                "numbering",
                "gateway",
            ] {
                #expect(plain.lines.contains { $0.hasPrefix("ok") && $0.contains(check) }, "\(check): \(plain)")
            }
            let dead = try await demo.otp("doctor", changing: ["OTP_REDIS_URL": "redis://:pw-value@127.0.0.1:1"])
            #expect(dead.status == 2 && dead.output.contains("127.0.0.1:1"), "\(dead)")
            #expect(!dead.description.contains("pw-value"))
            #expect(try await demo.otp("doctor", changing: ["OTP_SMS_ENDPOINT": "http://127.0.0.1:1"]).status == 2)
            #expect(try await demo.otp("doctor", changing: ["OTP_KEYS": nil]).status == 2)
            #expect(try await demo.otp("doctor", changing: ["OTP_KEYS": "x"]).status == 78)
            #expect(try await demo.otp("doctor", changing: ["OTP_AUDIT": "file"]).status == 78)
            for run in [good, plain] {
                for secret in ["OTP_KEYS", "ALIBABA_CLOUD_ACCESS_KEY_SECRET"] {
                    #expect(!run.description.contains(demo.environment[secret] ?? "?"))
                }
            }
        }
    }

    @Test func doctorChecksTheGuardsPolicy() async throws {
        try await Demo.run { demo in
            let none = try await demo.otp("doctor", changing: ["OTP_GUARD": nil])
            #expect(none.status == 0 && none.lines.contains { $0.hasPrefix("warn") && $0.contains("guard") }, "\(none)")
            let policy = #"{"homeRegions": ["SG"], "budgets": {"service": {"messages": 100}}}"#
            let good = try await demo.otp("doctor", changing: ["OTP_GUARD": policy])
            #expect(good.status == 0 && good.lines.contains { $0.hasPrefix("ok") && $0.contains("guard") }, "\(good)")
            let wrong = try await demo.otp("doctor", changing: ["OTP_GUARD": #"{"prices": {"SG": -1}}"#])
            #expect(wrong.status == 78 && wrong.output.contains("prices.SG"), "\(wrong)")
            let production = ["OTP_PROFILE": "production", "OTP_GUARD": nil]
            let missing = try await demo.otp("doctor", changing: production)
            #expect(missing.status == 2 && missing.output.contains("OTP_GUARD"), "\(missing)")
            let unpriced = try await demo.otp("doctor", changing: ["OTP_PROFILE": "production", "OTP_GUARD": policy])
            #expect(unpriced.status == 78 && unpriced.output.contains("prices."), "\(unpriced)")
        }
    }

    @Test func doctorFindsAnUnsuitableRedis() async throws {
        try await Demo.run { demo in
            let url = try #require(demo.environment["OTP_REDIS_URL"])
            let socket = String(url.dropFirst("unix://".count))
            try await Self.redis(socket, ["CONFIG", "SET", "maxmemory-policy", "volatile-lru"])
            let evicting = try await demo.otp("doctor")
            #expect(evicting.status == 2, "\(evicting)")
            #expect(evicting.lines.contains { $0.hasPrefix("fail") && $0.contains("noeviction") }, "\(evicting)")
            try await Self.redis(socket, ["CONFIG", "SET", "maxmemory-policy", "noeviction"])

            let rules = ["on", "nopass", "~otp:*", "+@all", "-eval", "-evalsha", "-info"]
            try await Self.redis(socket, ["ACL", "SETUSER", "limited"] + rules)
            let limited = try await demo.otp("doctor", changing: ["OTP_REDIS_URL": url + "?username=limited"])
            #expect(limited.status == 2, "\(limited)")
            #expect(limited.lines.contains { $0.hasPrefix("fail") && $0.contains("eval, evalsha") }, "\(limited)")
            #expect(
                limited.output.contains("ACL SETUSER limited resetkeys ~otp:* resetchannels -@all +ping"),
                "\(limited)"
            )
            #expect(limited.lines.contains { $0.hasPrefix("warn") && $0.contains("eviction") }, "\(limited)")
        }
    }

    @Test func unknownDeliveryIsReported() async throws {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(HangUp())
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(channel.localAddress?.port)
        try await Demo.run { demo in
            let endpoint = "http://127.0.0.1:\(port)"
            let run = try await demo.otp("issue", Self.number, "--json", "--sms-endpoint", endpoint)
            #expect(run.status == 0, "\(run)")
            let challenge = try run.json(ChallengeDocument.self)
            #expect(challenge.delivery.status == "unknown" && challenge.token != nil)
            // The message may have arrived, so the send is still counted.
            #expect(try await demo.otp("issue", Self.number).status == 75)
            let plain = try await demo.otp("issue", "+65 9123 4568", "--sms-endpoint", endpoint)
            #expect(plain.status == 0 && plain.errors.contains("possibly sent"), "\(plain)")
        }
        try await channel.close()
    }

    @Test func verboseLogHasNoSecret() async throws {
        try await Demo.run { demo in
            let issued = try await demo.otp("issue", Self.number, "-v")
            let token = try #require(issued.lines.first)
            #expect(issued.errors.contains("debug"), "\(issued)")
            let code = try await demo.code(Self.number)
            let wrong = try await demo.otp("verify", Self.number, token, "-v", input: Demo.wrong(code))
            let right = try await demo.otp("verify", Self.number, token, "-v", input: code)
            #expect(right.status == 0, "\(right)")
            let names = ["OTP_KEYS", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_ACCESS_KEY_ID"]
            let secrets = try names.map { try #require(demo.environment[$0]) } + [code, token, "91234567"]
            for secret in secrets {
                #expect(![issued, wrong, right].contains { $0.errors.contains(secret) })
                #expect(![wrong, right].contains { $0.output.contains(secret) })
            }
        }
    }

    /// Runs a shell script whose `$0` is the path of `otp`.
    private static func shell(_ script: String) async throws -> Program.Run {
        let result = try await Subprocess.run(
            .path("/bin/sh"),
            arguments: ["-c", script, Program.path],
            environment: Program.environment([:]),
            input: .none,
            output: .string(limit: 65_536),
            error: .string(limit: 65_536)
        )
        return Program.Run(
            status: Program.status(result.terminationStatus),
            output: result.standardOutput,
            errors: result.standardError
        )
    }

    private static func redis(_ socket: String, _ command: [String]) async throws {
        let result = try await Subprocess.run(
            .name("redis-cli"),
            arguments: Arguments(["-s", socket] + command),
            input: .none,
            output: .string(limit: 4096)
        )
        try #require(result.standardOutput == "OK\n", "\(result.standardOutput)")
    }
}

/// A handler that closes a connection after the first write.
private final class HangUp: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        context.close(promise: nil)
    }
}
