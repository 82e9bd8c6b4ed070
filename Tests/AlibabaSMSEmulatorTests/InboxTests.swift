import AlibabaSMS
import AsyncHTTPClient
import Foundation
import Logging
import NIOHTTP1
import ServiceLifecycle
import Testing

@testable import AlibabaSMSEmulator

@Suite struct InboxTests {
    static func draft(_ text: String, to: String = "+6591234567", at date: Date = Date()) -> InboxMessage {
        let code = CodeExtractor.code(in: text)
        return InboxMessage(
            messageID: "1",
            requestID: "R",
            to: to,
            text: text,
            receivedAt: date,
            encoding: "gsm7",
            segments: 1,
            code: code?.text,
            codeRule: code?.rule
        )
    }

    static func withInbox(
        capacity: Int = 500,
        _ body: (AlibabaSMSEmulator.Server, InboxClient) async throws -> Void
    ) async throws {
        try await AlibabaSMSEmulator.withServer(.init(capacity: capacity)) { emulator in
            try await body(emulator, InboxClient(baseURL: emulator.baseURL, httpClient: .shared))
        }
    }

    @Test(arguments: [
        Duration.zero, .seconds(-1), .seconds(Int64.min), .seconds(61), .seconds(1_000_001), .seconds(Int64.max),
    ])
    func everyDurationCanBeWaited(timeout: Duration) async throws {
        try await Self.withInbox { emulator, client in
            if timeout <= .zero {
                let nothing = try await client.wait(timeout: timeout)
                #expect(nothing == nil)
            }
            await emulator.inbox.append(Self.draft("here"))
            let message = try await client.wait(timeout: timeout)
            #expect(message?.text == "here")
        }
    }

    @Test func messagesAreListedNewestFirst() async throws {
        try await Self.withInbox { emulator, client in
            for index in 1...3 { await emulator.inbox.append(Self.draft("text \(index)")) }
            let all = try await client.messages()
            #expect(all.map(\.text) == ["text 3", "text 2", "text 1"])
            #expect(try await client.messages(limit: 2).map(\.id) == [3, 2])
            #expect(try await client.messages(.init(since: .message(2))).map(\.id) == [3])
            #expect(try await client.message(id: 2)?.text == "text 2")
            #expect(try await client.message(id: 9) == nil)
        }
    }

    @Test func aMessageSurvivesTheWay() async throws {
        try await Self.withInbox { emulator, client in
            let date = Date(timeIntervalSince1970: 1_800_000_000.25)
            let message = await emulator.inbox.append(Self.draft("Your code is 123456 \"<b>&\u{7}", at: date))
            let all = try await client.messages()
            #expect(all == [message])
        }
    }

    @Test(arguments: ["6591234567", "+6591234567", "%2B6591234567", "%206591234567"])
    func aNumberIsFoundWithAndWithoutItsPlus(to: String) async throws {
        try await Self.withInbox { emulator, _ in
            await emulator.inbox.append(Self.draft("other code 1111", to: "+6591234568"))
            await emulator.inbox.append(Self.draft("code 2222"))
            let list = try await fetch("\(emulator.baseURL)/api/v1/messages?to=\(to)")
            #expect(list.text.contains("2222") && !list.text.contains("1111"))
            let code = try await fetch("\(emulator.baseURL)/api/v1/messages/latest/code?to=\(to)")
            #expect(code.text == "2222")
            #expect(code.headers.first(name: "content-type")?.hasPrefix("text/plain") == true)
            let waited = try await fetch("\(emulator.baseURL)/api/v1/messages/wait?to=\(to)&timeout=0s")
            #expect(waited.status == 200)
        }
    }

    @Test func sinceTakesATimeToo() async throws {
        try await Self.withInbox { emulator, client in
            let start = Date(timeIntervalSince1970: 1_800_000_000)
            await emulator.inbox.append(Self.draft("old", at: start))
            await emulator.inbox.append(Self.draft("new", at: start.addingTimeInterval(10)))
            #expect(try await client.messages(.init(since: .time(start.addingTimeInterval(10)))).map(\.text) == ["new"])
            for text in ["2027-01-15T08:00:05Z", "2027-01-15T08:00:05%2B00:00", "2027-01-15T08:00:05+00:00"] {
                let answer = try await fetch("\(emulator.baseURL)/api/v1/messages?since=\(text)")
                #expect(answer.text.contains("new") && !answer.text.contains("old"), "\(text)")
            }
        }
    }

    @Test(arguments: [0.0, 1_800_000_000.001, 1_800_000_000.25, 1_795_379_999.9996, 1_763_843_999.123])
    func aTimeIsReadAsItWasWritten(seconds: Double) {
        let date = Date(timeIntervalSince1970: seconds).inMilliseconds
        #expect(Date(rfc3339: date.rfc3339) == date)
        #expect(date.rfc3339.count == 24)
    }

    @Test func waitingEndsWhenTheRightMessageComes() async throws {
        try await Self.withInbox { emulator, client in
            async let waited = client.wait(for: .init(to: "6591234567", contains: "right"), timeout: .seconds(50))
            while await emulator.inbox.waiterCount == 0 { await Task.yield() }
            await emulator.inbox.append(Self.draft("right", to: "+6591234568"))
            await emulator.inbox.append(Self.draft("wrong"))
            #expect(await emulator.inbox.waiterCount == 1)
            let message = await emulator.inbox.append(Self.draft("the right one"))
            let answer = try await waited
            #expect(answer == message)
            #expect(await emulator.inbox.waiterCount == 0)
        }
    }

    @Test func waitingAnswersAtOnceIfOneIsThere() async throws {
        try await Self.withInbox { emulator, client in
            let message = await emulator.inbox.append(Self.draft("here"))
            let start = ContinuousClock.now
            let answer = try await client.wait(timeout: .seconds(50))
            #expect(answer == message)
            #expect(ContinuousClock.now - start < .seconds(20))
        }
    }

    @Test func waitingInVainIsAProblem() async throws {
        try await Self.withInbox { emulator, client in
            #expect(try await client.wait(timeout: .milliseconds(50)) == nil)
            let answer = try await fetch("\(emulator.baseURL)/api/v1/messages/wait?timeout=10ms")
            #expect(answer.status == 404)
            #expect(answer.headers.first(name: "content-type") == "application/problem+json")
            #expect(answer.json["status"] as? Int == 404)
            #expect(await emulator.inbox.waiterCount == 0)
        }
    }

    @Test func aGracefulShutdownEndsTheWaiting() async throws {
        let (servers, continuation) = AsyncStream.makeStream(of: AlibabaSMSEmulator.Server.self)
        let emulator = AlibabaSMSEmulator { continuation.yield($0) }
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let services = ServiceGroup(configuration: .init(services: [emulator], logger: logger))
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            let server = try #require(await servers.first { _ in true })
            group.addTask {
                let answer = try await fetch("\(server.baseURL)/api/v1/messages/wait?timeout=60s")
                #expect(answer.status == 404)
            }
            while await emulator.inbox.waiterCount == 0 { await Task.yield() }
            await services.triggerGracefulShutdown()
            try await group.waitForAll()
        }
        #expect(ContinuousClock.now - start < .seconds(30))
    }

    @Test func waitingDoesNotHoldUpTheEndOfTheServer() async throws {
        let start = ContinuousClock.now
        try await Self.withInbox { emulator, client in
            let waiting = Task { try? await client.wait(timeout: .seconds(60)) }
            while await emulator.inbox.waiterCount == 0 { await Task.yield() }
            waiting.cancel()
        }
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test func messagesAreRemovedAndTheirNumbersNotUsedAgain() async throws {
        try await Self.withInbox { emulator, client in
            await emulator.inbox.append(Self.draft("one"))
            await emulator.inbox.append(Self.draft("two"))
            #expect(try await client.remove(id: 1))
            #expect(try await !client.remove(id: 1))
            #expect(try await client.messages().map(\.id) == [2])
            try await client.clear()
            #expect(try await client.messages().isEmpty)
            #expect(try await client.latestCode() == nil)
            #expect(await emulator.inbox.append(Self.draft("three")).id == 3)
        }
    }

    @Test func theOldestMessageMakesRoom() async throws {
        try await Self.withInbox(capacity: 3) { emulator, client in
            for index in 1...5 { await emulator.inbox.append(Self.draft("\(index)")) }
            let all = try await client.messages()
            #expect(all.map(\.id) == [5, 4, 3])
        }
    }

    @Test(arguments: ["limit=0", "limit=x", "since=soon", "timeout=-1s", "timeout=1h"])
    func aParameterThatCannotBeReadIsAProblem(query: String) async throws {
        try await Self.withInbox { emulator, _ in
            let answer = try await fetch("\(emulator.baseURL)/api/v1/messages/wait?\(query)")
            #expect(answer.status == 400)
            #expect(answer.headers.first(name: "content-type") == "application/problem+json")
        }
    }

    @Test(arguments: [("30", 30_000), ("30s", 30_000), ("250ms", 250), ("1m", 60_000), ("0", 0)])
    func durationsAreRead(text: String, milliseconds: Int) {
        #expect(InboxQuery.duration(text) == .milliseconds(milliseconds))
    }

    @Test(arguments: [
        ("evil.example", 421), ("127.0.0.1.evil.example", 421), ("localhost.evil:80", 421), ("", 421),
        ("localhost", 200),
        ("LOCALHOST:1234", 200), ("[::1]:80", 200), ("127.0.0.1", 200), ("inbox.test:1", 200),
    ])
    func onlyLoopbackNamesAreServed(host: String, status: Int) async throws {
        try await AlibabaSMSEmulator.withServer(.init(allowedHosts: ["inbox.test"])) { emulator in
            for path in ["/", "/api/v1/messages"] {
                let answer = try await fetch("\(emulator.baseURL)\(path)", headers: ["host": host])
                #expect(answer.status == status || (host.isEmpty && answer.status == 400))
            }
        }
    }

    @Test func thePageRunsOnlyItsOwnScript() async throws {
        try await Self.withInbox { emulator, _ in
            let first = try await fetch("\(emulator.baseURL)/")
            let second = try await fetch("\(emulator.baseURL)/")
            let policy = try #require(first.headers.first(name: "content-security-policy"))
            #expect(policy.contains("default-src 'none'") && !policy.contains("unsafe"))
            #expect(policy != second.headers.first(name: "content-security-policy"))
            let nonce = try #require(policy.split(separator: "'nonce-").dropFirst().first?.prefix(32))
            #expect(
                first.text.contains("<script nonce=\"\(nonce)\">") && first.text.contains("<style nonce=\"\(nonce)\">")
            )
            #expect(
                !first.text.contains("innerHTML") && !first.text.contains("style=") && !first.text.contains("onclick")
            )
            #expect(first.text.contains("Nothing is sent"))
        }
    }
}
