// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import AsyncHTTPClient
import Foundation
import Logging
import NIOHTTP1
import SMSKit
import ServiceLifecycle
import Testing

@testable import AlibabaSMSEmulator

@Suite struct InboxTests {
    static func draft(_ text: String, to: String = "+6591234567", at date: Date = Date()) -> InboxMessage {
        let code = CodeExtractor.code(in: text)
        let count = SMSSegmentCount(of: text)
        return InboxMessage(
            messageID: "1",
            requestID: "R",
            to: to,
            text: text,
            receivedAt: date,
            encoding: count.encoding.rawValue,
            segments: count.segments,
            code: code?.text,
            codeRule: code?.rule
        )
    }

    static func withInbox(
        capacity: Int = 500,
        _ body: (SMSGatewayEmulator.Server, InboxClient) async throws -> Void
    ) async throws {
        try await SMSGatewayEmulator.withServer(.init(capacity: capacity)) { emulator in
            try await body(emulator, InboxClient(baseURL: emulator.baseURL, httpClient: .shared))
        }
    }

    @Test(arguments: [
        Duration.zero, .seconds(-1), .seconds(Int64.min), .seconds(61), .seconds(1_000_001), .seconds(Int64.max),
    ])
    func everyDurationIsAValidTimeout(timeout: Duration) async throws {
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

    @Test func theListHasPages() async throws {
        try await Self.withInbox { emulator, client in
            for index in 1...5 { await emulator.inbox.append(Self.draft("text \(index)")) }
            func part(_ query: String) async throws -> ([Int], Int?) {
                let json = try await fetch("\(emulator.baseURL)/api/v1/messages?\(query)").json
                let list = try #require(json["messages"] as? [[String: Any]])
                return (list.compactMap { $0["id"] as? Int }, json["next"] as? Int)
            }
            let first = try await part("limit=2")
            #expect(first == ([5, 4], 4))
            #expect(try await part("limit=2&before=4") == ([3, 2], 2))
            #expect(try await part("limit=2&before=2") == ([1], nil))
            #expect(try await part("limit=5") == ([5, 4, 3, 2, 1], nil))
            #expect(try await client.messages(.init(before: 3)).map(\.id) == [2, 1])
        }
    }

    @Test func aFilterByTemplateMatches() async throws {
        try await Self.withInbox { emulator, client in
            var draft = Self.draft("one")
            draft.template = .init(code: "SMS_1", parameters: ["code": "1234"])
            await emulator.inbox.append(draft)
            await emulator.inbox.append(Self.draft("two"))
            let found = try await client.messages(.init(template: "SMS_1"))
            #expect(found.map(\.text) == ["one"])
            #expect(try await client.wait(for: .init(template: "SMS_2"), timeout: .zero) == nil)
        }
    }

    @Test func theStatisticsCountMessagesAndRequests() async throws {
        try await SMSGatewayEmulator.withServer(.init(accessKeys: [key()])) { emulator in
            _ = try await SpoilableRequest(to: emulator).send(to: emulator)
            _ = try await SpoilableRequest(to: emulator, version: "1").send(to: emulator)
            var draft = Self.draft("one", to: "+447700900123")
            draft.template = .init(code: "SMS_1", parameters: [:])
            (draft.costMicros, draft.segments, draft.messageID) = (5000, 2, "two")
            await emulator.inbox.append(draft)
            await emulator.inbox.update(messageID: "two") { $0.status = .failed }
            let json = try await fetch("\(emulator.baseURL)/api/v1/stats").json
            #expect(json["messages"] as? Int == 2 && json["segments"] as? Int == 3)
            #expect(json["costMicros"] as? Int == 5000 + (await emulator.inbox.message(id: 1)?.costMicros ?? 0))
            #expect(json["byStatus"] as? [String: Int] == ["accepted": 1, "failed": 1])
            #expect(json["byRegion"] as? [String: Int] == ["SG": 1, "GB": 1])
            #expect(json["byTemplate"] as? [String: Int] == ["SMS_1": 1])
            #expect(json["requests"] as? Int == 2 && json["rejectedRequests"] as? Int == 1)
            #expect(json["byCode"] as? [String: Int] == ["OK": 1, "InvalidVersion": 1])
        }
    }

    @Test(arguments: [
        ("x", 1, 159), (String(repeating: "x", count: 160), 160, 0), (String(repeating: "x", count: 161), 161, 145),
        ("你好", 2, 68), (String(repeating: "你", count: 71), 71, 63), ("€", 2, 158),
        (String(repeating: "]", count: 305), 610, 151), (String(repeating: "😀", count: 67), 134, 65),
    ])
    func theFreeUnitsOfTheLastSegmentAreComputed(text: String, units: Int, left: Int) {
        let message = Self.draft(text)
        #expect(message.units == units && message.unitsLeft == left)
    }

    @Test func aDecodedMessageEqualsTheStoredOne() async throws {
        try await Self.withInbox { emulator, client in
            let date = Date(timeIntervalSince1970: 1_800_000_000.25)
            let message = await emulator.inbox.append(Self.draft("Your code is 123456 \"<b>&\u{7}", at: date))
            let all = try await client.messages()
            #expect(all == [message])
        }
    }

    @Test(arguments: ["6591234567", "+6591234567", "%2B6591234567", "%206591234567"])
    func aFilterByNumberMatchesWithAndWithoutPlus(to: String) async throws {
        try await Self.withInbox { emulator, _ in
            await emulator.inbox.append(Self.draft("other code 1111", to: "+6591234568"))
            await emulator.inbox.append(Self.draft("code 2222"))
            let list = try await fetch("\(emulator.baseURL)/api/v1/messages?to=\(to)")
            #expect(list.text.contains("code 2222") && !list.text.contains("other code"))
            let code = try await fetch("\(emulator.baseURL)/api/v1/messages/latest/code?to=\(to)")
            #expect(code.text == "2222")
            #expect(code.headers.first(name: "content-type")?.hasPrefix("text/plain") == true)
            let waited = try await fetch("\(emulator.baseURL)/api/v1/messages/wait?to=\(to)&timeout=0s")
            #expect(waited.status == 200)
        }
    }

    @Test func sinceAcceptsATimestamp() async throws {
        try await Self.withInbox { emulator, client in
            let start = Date(timeIntervalSince1970: 1_800_000_000)
            await emulator.inbox.append(Self.draft("old", at: start))
            await emulator.inbox.append(Self.draft("new", at: start.addingTimeInterval(10)))
            #expect(try await client.messages(.init(since: .time(start.addingTimeInterval(10)))).map(\.text) == ["new"])
            for text in ["2027-01-15T08:00:05Z", "2027-01-15T08:00:05%2B00:00", "2027-01-15T08:00:05+00:00"] {
                let response = try await fetch("\(emulator.baseURL)/api/v1/messages?since=\(text)")
                #expect(response.text.contains("new") && !response.text.contains("old"), "\(text)")
            }
        }
    }

    @Test func waitingEndsWithTheFirstMatchingMessage() async throws {
        try await Self.withInbox { emulator, client in
            async let waited = client.wait(for: .init(to: "6591234567", contains: "right"), timeout: .seconds(50))
            while await emulator.inbox.waiterCount == 0 { await Task.yield() }
            await emulator.inbox.append(Self.draft("right", to: "+6591234568"))
            await emulator.inbox.append(Self.draft("wrong"))
            #expect(await emulator.inbox.waiterCount == 1)
            let message = await emulator.inbox.append(Self.draft("the right one"))
            let response = try await waited
            #expect(response == message)
            #expect(await emulator.inbox.waiterCount == 0)
        }
    }

    @Test func waitingReturnsAnExistingMessageImmediately() async throws {
        try await Self.withInbox { emulator, client in
            let message = await emulator.inbox.append(Self.draft("here"))
            let start = ContinuousClock.now
            let response = try await client.wait(timeout: .seconds(50))
            #expect(response == message)
            #expect(ContinuousClock.now - start < .seconds(20))
        }
    }

    @Test func aTimeoutWhileWaitingIsAProblem() async throws {
        try await Self.withInbox { emulator, client in
            #expect(try await client.wait(timeout: .milliseconds(50)) == nil)
            let response = try await fetch("\(emulator.baseURL)/api/v1/messages/wait?timeout=10ms")
            #expect(response.status == 404)
            #expect(response.headers.first(name: "content-type") == "application/problem+json")
            #expect(response.json["status"] as? Int == 404)
            #expect(await emulator.inbox.waiterCount == 0)
        }
    }

    @Test func aGracefulShutdownEndsWaiting() async throws {
        let (servers, continuation) = AsyncStream.makeStream(of: SMSGatewayEmulator.Server.self)
        let emulator = SMSGatewayEmulator { continuation.yield($0) }
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let services = ServiceGroup(configuration: .init(services: [emulator], logger: logger))
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            let server = try #require(await servers.first { _ in true })
            group.addTask {
                let response = try await fetch("\(server.baseURL)/api/v1/messages/wait?timeout=60s")
                #expect(response.status == 404)
            }
            while await emulator.inbox.waiterCount == 0 { await Task.yield() }
            await services.triggerGracefulShutdown()
            try await group.waitForAll()
        }
        #expect(ContinuousClock.now - start < .seconds(30))
    }

    @Test func waitingDoesNotDelayTheShutdownOfTheServer() async throws {
        let start = ContinuousClock.now
        try await Self.withInbox { emulator, client in
            let waiting = Task { try? await client.wait(timeout: .seconds(60)) }
            while await emulator.inbox.waiterCount == 0 { await Task.yield() }
            waiting.cancel()
        }
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test func theIDsOfRemovedMessagesAreNotReused() async throws {
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

    @Test func aFullInboxDropsTheOldestMessage() async throws {
        try await Self.withInbox(capacity: 3) { emulator, client in
            for index in 1...5 { await emulator.inbox.append(Self.draft("\(index)")) }
            let all = try await client.messages()
            #expect(all.map(\.id) == [5, 4, 3])
        }
    }

    @Test(arguments: [
        "limit=0", "limit=x", "since=soon", "before=-1", "before=x", "timeout=-1s", "timeout=1w",
    ])
    func anInvalidParameterIsAProblem(query: String) async throws {
        try await Self.withInbox { emulator, _ in
            let response = try await fetch("\(emulator.baseURL)/api/v1/messages/wait?\(query)")
            #expect(response.status == 400)
            #expect(response.headers.first(name: "content-type") == "application/problem+json")
        }
    }

    @Test(arguments: [
        ("evil.example", 421), ("127.0.0.1.evil.example", 421), ("localhost.evil:80", 421), ("", 421),
        ("localhost", 200),
        ("LOCALHOST:1234", 200), ("[::1]:80", 200), ("127.0.0.1", 200), ("inbox.test:1", 200),
    ])
    func onlyLoopbackHostsAndAllowedHostsAreServed(host: String, status: Int) async throws {
        try await SMSGatewayEmulator.withServer(.init(allowedHosts: ["inbox.test"])) { emulator in
            for path in ["/", "/api/v1/messages", "/api/v1/requests", "/api/v1/stats"] {
                let response = try await fetch("\(emulator.baseURL)\(path)", headers: ["host": host])
                #expect(response.status == status || (host.isEmpty && response.status == 400))
            }
        }
    }

    @Test func eventsAreServedToLoopbackHostsOnly() async throws {
        try await Self.withInbox { emulator, _ in
            let response = try await fetch("\(emulator.baseURL)/api/v1/events", headers: ["host": "evil.example"])
            #expect(response.status == 421)
        }
    }

    @Test func thePageContainsNoTextOfARequestOrMessage() async throws {
        try await SMSGatewayEmulator.withServer(.init(accessKeys: [key()])) { emulator in
            let before = try await fetch("\(emulator.baseURL)/?q=%3Cscript%3Ealert(1)%3C/script%3E")
            let text = "<script>alert(1)</script> \" ' </style> code 482913"
            let request = try SpoilableRequest(to: emulator, parameters: [("To", "6591234567"), ("Message", text)])
            #expect(try await request.send(to: emulator).code == "OK")
            let after = try await fetch("\(emulator.baseURL)/")
            #expect(!after.text.contains("alert(1)") && !before.text.contains("alert(1)"))
            let list = try await fetch("\(emulator.baseURL)/api/v1/messages")
            #expect(list.headers.first(name: "x-content-type-options") == "nosniff")
            #expect(list.headers.first(name: "content-type")?.hasPrefix("application/json") == true)
        }
    }

    @Test func thePolicyOfThePageAdmitsOnlyItsOwnScript() async throws {
        try await Self.withInbox { emulator, _ in
            let first = try await fetch("\(emulator.baseURL)/")
            let second = try await fetch("\(emulator.baseURL)/")
            let policy = try #require(first.headers.first(name: "content-security-policy"))
            #expect(policy.contains("default-src 'none'") && !policy.contains("unsafe"))
            #expect(policy != second.headers.first(name: "content-security-policy"))
            let nonce = try #require(policy.split(separator: "'nonce-").dropFirst().first?.prefix(32))
            #expect(first.text.contains("<script type=\"module\" nonce=\"\(nonce)\""))
            #expect(first.text.contains("<style nonce=\"\(nonce)\">"))
            #expect(
                !first.text.contains("innerHTML") && !first.text.contains("style=") && !first.text.contains("onclick")
            )
            #expect(first.text.contains("<title>") && !first.text.contains("{{"))
        }
    }
}
