// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import AsyncHTTPClient
import Foundation
import HTTPTypes
import NIOHTTP1
import Testing

@testable import AlibabaSMSEmulator

/// Tests that the inboxes of one emulator are isolated from each other.
@Suite struct NamespaceTests {
    private static func withEmulator(
        capacity: Int = 500,
        _ body: (SMSGatewayEmulator.Server) async throws -> Void
    ) async throws {
        let keys = try ["team-a", "team-b"].map { try key($0) }
        try await SMSGatewayEmulator.withServer(.init(accessKeys: keys, capacity: capacity), body)
    }

    /// Sends a message with the AccessKey of a user, and optionally with a namespace header.
    @discardableResult
    private static func send(
        _ text: String,
        as id: String,
        into namespace: String? = nil,
        to emulator: SMSGatewayEmulator.Server
    ) async throws -> ReceivedResponse {
        var signer = CarelessSigner()
        signer.id = id
        signer.parameters = [("To", "6591234567"), ("Message", text)]
        var request = signer.v3(emulator)
        request.set(InboxNamespace.header, namespace)
        return try await request.send(to: emulator)
    }

    private static func client(_ emulator: SMSGatewayEmulator.Server, _ namespace: String?) -> InboxClient {
        InboxClient(baseURL: emulator.baseURL, namespace: namespace, httpClient: .shared)
    }

    @Test func eachAccessKeyHasItsOwnNamespace() async throws {
        try await Self.withEmulator { emulator async throws in
            try await Self.send("code 1111", as: "team-a", to: emulator)
            try await Self.send("code 2222", as: "team-b", to: emulator)
            try await Self.send("code 3333", as: "team-a", into: "job-7", to: emulator)
            let (a, b) = (Self.client(emulator, "team-a"), Self.client(emulator, "team-b"))
            #expect(try await a.messages().map(\.code) == ["1111"])
            #expect(try await b.messages().map(\.code) == ["2222"])
            #expect(try await Self.client(emulator, "job-7").latestCode() == "3333")
            #expect(try await Self.client(emulator, "other").messages().isEmpty)
            #expect(try await Self.client(emulator, nil).messages().map(\.namespace) == ["job-7", "team-b", "team-a"])
            #expect(try await a.message(id: 1)?.code == "1111")
            #expect(try await a.message(id: 2) == nil)
            #expect(try await !a.remove(id: 2))
            #expect(try await b.latestCode() == "2222")
        }
    }

    @Test func clearingANamespaceKeepsTheOthers() async throws {
        try await Self.withEmulator { emulator async throws in
            try await Self.send("code 1111", as: "team-a", to: emulator)
            try await Self.send("code 2222", as: "team-b", to: emulator)
            try await Self.client(emulator, "team-a").clear()
            #expect(await emulator.inbox.messages().map(\.code) == ["2222"])
            let cleared = try await fetch("\(emulator.baseURL)/api/v1/requests?namespace=team-b", method: .DELETE)
            #expect(cleared.status == 204)
            #expect(emulator.requests.records().map(\.namespace) == ["team-a"])
        }
    }

    @Test func waitReturnsAMessageOfTheNamespace() async throws {
        try await Self.withEmulator { emulator async throws in
            async let waited = Self.client(emulator, "team-a").wait(timeout: .seconds(50))
            while await emulator.inbox.waiterCount == 0 { await Task.yield() }
            try await Self.send("code 2222", as: "team-b", to: emulator)
            #expect(await emulator.inbox.waiterCount == 1)
            try await Self.send("code 1111", as: "team-a", to: emulator)
            #expect(try await waited?.code == "1111")
        }
    }

    @Test func eventsBelongToTheNamespace() async throws {
        let events = InboxEvents()
        let (a, all) = (try events.read(after: nil, in: "a"), try events.read(after: nil))
        events.publish(.message, "1", in: "b")
        events.publish(.message, "2", in: "a")
        events.publish(.cleared, "3")
        var (own, every) = (a.items.makeAsyncIterator(), all.items.makeAsyncIterator())
        var seen: [String] = []
        for _ in 0..<2 { if case .event(let event) = await own.next() { seen.append(event.data) } }
        #expect(seen == ["\"2\"", "\"3\""])
        for _ in 0..<3 { if case .event(let event) = await every.next() { seen.append(event.data) } }
        #expect(seen.dropFirst(2) == ["\"1\"", "\"2\"", "\"3\""])
        guard
            case .event(let last) = await {
                events.publish(.message, "4", in: "b"); return await every.next()
            }()
        else {
            Issue.record("no event")
            return
        }
        let late = try events.read(after: last.id - 3, in: "a")
        events.remove(late)
        var replay: [String] = []
        for await item in late.items { if case .event(let event) = item { replay.append(event.data) } }
        #expect(replay == ["\"2\"", "\"3\""])
    }

    @Test func readersPerNamespaceAreLimited() throws {
        let events = InboxEvents(mostReaders: 2)
        for _ in 0..<2 { _ = try events.read(after: nil, in: "a") }
        #expect(throws: InboxEvents.TooManyReaders.self) { try events.read(after: nil, in: "a") }
        _ = try events.read(after: nil, in: "b")
        _ = try events.read(after: nil)
        for number in 0..<12 { _ = try events.read(after: nil, in: "n\(number)") }
        #expect(throws: InboxEvents.TooManyReaders.self) { try events.read(after: nil, in: "one more") }
    }

    @Test func fullNamespaceDropsOnlyItsOwnMessages() async throws {
        try await Self.withEmulator(capacity: 3) { emulator async throws in
            try await Self.send("code 1111", as: "team-a", to: emulator)
            for _ in 0..<10 { try await Self.send("code 2222", as: "team-b", to: emulator) }
            #expect(await emulator.inbox.messages(.init(namespace: "team-a")).count == 1)
            #expect(await emulator.inbox.messages(.init(namespace: "team-b")).map(\.id) == [11, 10, 9])
        }
    }

    @Test func floodOfUnknownKeysDisplacesNoMessages() async throws {
        let keys = [try key("team-a")]
        try await SMSGatewayEmulator.withServer(.init(accessKeys: keys, requestCapacity: 10)) { emulator async throws in
            for _ in 0..<10 { try await Self.send("code 1111", as: "team-a", to: emulator) }
            for number in 0..<150 {
                let query =
                    number.isMultiple(of: 3) ? "" : "?AccessKeyId=flood-\(number)&Signature=x&Action=SendMessageToGlobe"
                let headers: HTTPHeaders = number.isMultiple(of: 2) ? ["x-otp-namespace": "flood-\(number)"] : [:]
                _ = try await fetch("\(emulator.baseURL)/\(query)", method: .POST, headers: headers)
            }
            #expect(emulator.requests.counts == ["team-a": 10, "default": 10])
            #expect(await emulator.inbox.counts == ["team-a": 10])
        }
    }

    @Test func acceptAnyModeSeparatesUnknownKeys() {
        func name(_ query: String, _ header: String?, acceptsAnyKey: Bool) -> String? {
            var headers = HTTPFields()
            if let field = HTTPField.Name(InboxNamespace.header) { headers[field] = header }
            return GatewayCall(method: "GET", target: "/?\(query)", authority: "", headers: headers, body: [])
                .namespace(AccessKeys(), acceptsAnyKey: acceptsAnyKey)
        }
        let key = "AccessKeyId=someone&Signature=x"
        #expect(name(key, nil, acceptsAnyKey: true) == "someone")
        #expect(name(key, "job-7", acceptsAnyKey: true) == "job-7")
        #expect(name("", "job-7", acceptsAnyKey: true) == "job-7")
        #expect(name("", nil, acceptsAnyKey: true) == "default")
        #expect(name(key, nil, acceptsAnyKey: false) == "default")
        #expect(name(key, "job-7", acceptsAnyKey: false) == "default")
        for acceptsAnyKey in [true, false] { #expect(name(key, "job 7", acceptsAnyKey: acceptsAnyKey) == nil) }
    }

    @Test func totalCapacityIsBounded() {
        struct Entry: NamespaceMember {
            var id = 0
            var namespace: String
        }
        var log = NamespacedLog<Entry>(capacity: 4)
        for round in 0..<4 { for name in 0..<10 { _ = log.append(Entry(namespace: "\(name)\(round / 4)")) } }
        #expect(log.elements.count == 40)
        for name in 100..<130 { _ = log.append(Entry(namespace: "\(name)")) }
        #expect(log.elements.count == 40)
        #expect(log.counts.values.reduce(0, +) == 40)
        #expect((100..<130).allSatisfy { log.counts["\($0)"] == 1 })
        #expect(log.elements.map(\.id) == log.elements.map(\.id).sorted())
        for entry in log.elements { #expect(log.index(id: entry.id).map { log.elements[$0].id } == entry.id) }
        #expect(log.index(id: 0) == nil)
        #expect(log.index(id: 1000) == nil)
        var huge = NamespacedLog<Entry>(capacity: .max)
        for _ in 0..<100 { _ = huge.append(Entry(namespace: "x")) }
        #expect(huge.elements.count == 100)
    }

    @Test func rejectedRequestsBelongToTheNamespaceOfAKnownKeyOnly() async throws {
        try await Self.withEmulator { emulator async throws in
            let wrong = "/?AccessKeyId=team-b&Signature=x&Action=SendMessageToGlobe&Version=2018-05-01"
            _ = try await fetch("\(emulator.baseURL)\(wrong)", method: .POST)
            #expect(emulator.requests.records().map(\.namespace) == ["team-b"])
            emulator.requests.clear()
            try await Self.send("x", as: "team-c", to: emulator)
            try await Self.send("x", as: "team-a", into: "job 7", to: emulator)
            _ = try await fetch("\(emulator.baseURL)/", method: .POST)
            #expect(emulator.requests.records().map(\.namespace) == ["default", "default", "default"])
            #expect(
                emulator.requests.records().map(\.code) == [
                    "InvalidAction.NotFound", "InvalidParameter", "InvalidAccessKeyId.NotFound",
                ]
            )
            let record = try await fetch("\(emulator.baseURL)/api/v1/requests/2?namespace=default")
            #expect(record.status == 200)
            #expect(try await fetch("\(emulator.baseURL)/api/v1/requests/2?namespace=team-a").status == 404)
        }
    }

    @Test func temporaryKeysShareTheNamespaceOfTheirRole() async throws {
        let keys = AccessKeys()
        let issued = keys.issue(RAMRole(name: "sender", policies: []), session: "s", for: 900, at: Date())
        let names = [issued.credential.accessKeyID, "STS.unknown", "a b", ""]
            .map { id in
                let query = "/?AccessKeyId=\(id.replacing(" ", with: "%20"))&Signature=x"
                return GatewayCall(method: "GET", target: query, authority: "", headers: [:], body: []).namespace(keys)
            }
        #expect(names == ["sender", "default", "default", "default"])
    }

    @Test(arguments: ["", "a b", "a/b", "é", "a,b", String(repeating: "x", count: 129), "\u{0}"])
    func invalidNamespaceIsRejected(name: String) async throws {
        #expect(!InboxNamespace.isValid(name))
        guard !name.isEmpty else { return }
        try await Self.withEmulator { emulator async throws in
            let query = [RequestParameter("namespace", name)].canonicalQuery
            for path in ["messages", "messages/wait", "requests", "stats", "events"] {
                #expect(try await fetch("\(emulator.baseURL)/api/v1/\(path)?\(query)").status == 400)
            }
        }
    }

    @Test func namespaceHeaderSelectsInTheRESTAPI() async throws {
        try await Self.withEmulator { emulator async throws in
            try await Self.send("code 1111", as: "team-a", to: emulator)
            try await Self.send("code 2222", as: "team-b", to: emulator)
            func get(_ path: String) async throws -> ReceivedResponse {
                try await fetch("\(emulator.baseURL)/api/v1/\(path)", headers: ["x-otp-namespace": "team-a"])
            }
            #expect(try await get("messages/latest/code").text == "1111")
            #expect(try await get("messages/latest/code?namespace=team-b").text == "2222")
            #expect(try await get("stats").json["messages"] as? Int == 1)
            let list = try await get("namespaces").json["namespaces"] as? [[String: Any]]
            #expect(list?.compactMap { $0["name"] as? String } == ["team-a", "team-b"])
            #expect(list?.compactMap { $0["messages"] as? Int } == [1, 1])
            #expect(list?.compactMap { $0["requests"] as? Int } == [1, 1])
        }
    }
}

/// Tests of cursors, which select only the messages after a position in the inbox.
@Suite struct CursorTests {
    private static func withInbox(_ body: (SMSGatewayEmulator.Server, InboxClient) async throws -> Void) async throws {
        try await InboxTests.withInbox(body)
    }

    @Test func cursorIgnoresEarlierCodes() async throws {
        try await Self.withInbox { emulator, client async throws in
            await emulator.inbox.append(InboxTests.draft("code 1111"))
            let cursor = try await client.cursor()
            #expect(try await client.messages(.init(after: cursor)).isEmpty)
            #expect(try await client.latestCode(.init(after: cursor)) == nil)
            #expect(try await client.wait(for: .init(after: cursor), timeout: .zero) == nil)
            await emulator.inbox.append(InboxTests.draft("code 2222"))
            #expect(try await client.wait(for: .init(after: cursor), timeout: .zero)?.code == "2222")
            #expect(try await client.latestCode(.init(after: cursor)) == "2222")
            #expect(await emulator.inbox.wait(for: .init(after: cursor), timeout: .zero)?.code == "2222")
        }
    }

    @Test func messageCausedByAnActionIsReturned() async throws {
        try await Self.withInbox { emulator, client async throws in
            await emulator.inbox.append(InboxTests.draft("code 1111"))
            let message = try await client.message(.init(to: "6591234567"), timeout: .seconds(30)) {
                await emulator.inbox.append(InboxTests.draft("code 2222"))
            }
            #expect(message?.code == "2222")
            #expect(try await client.message(timeout: .zero) {} == nil)
        }
    }

    @Test func cursorSurvivesRemovalsAndAFullInbox() async throws {
        try await InboxTests.withInbox(capacity: 2) { emulator, client async throws in
            for number in 1...3 { await emulator.inbox.append(InboxTests.draft("code 111\(number)")) }
            let cursor = try await client.cursor()
            try await client.clear()
            #expect(try await client.cursor() == cursor)
            await emulator.inbox.append(InboxTests.draft("code 2222"))
            #expect(try await client.messages(.init(after: cursor)).map(\.code) == ["2222"])
        }
    }

    @Test func cursorOfAnEarlierRunPrecedesEveryMessage() async throws {
        try await Self.withInbox { first, client async throws in
            for number in 1...5 { await first.inbox.append(InboxTests.draft("code 111\(number)")) }
            let old = try await client.cursor()
            try await Self.withInbox { second, client async throws in
                await second.inbox.append(InboxTests.draft("code 2222"))
                #expect(try await client.wait(for: .init(after: old), timeout: .zero)?.code == "2222")
            }
        }
    }

    @Test func listResponseHasACursor() async throws {
        try await Self.withInbox { emulator, client async throws in
            await emulator.inbox.append(InboxTests.draft("code 1111"))
            let list = try await fetch("\(emulator.baseURL)/api/v1/messages").json["cursor"] as? String
            let place = try await fetch("\(emulator.baseURL)/api/v1/cursor").json["cursor"] as? String
            let own = await emulator.inbox.cursor.description
            #expect(list == place && list == own)
            let text = try #require(list)
            await emulator.inbox.append(InboxTests.draft("code 2222"))
            let code = try await fetch("\(emulator.baseURL)/api/v1/messages/latest/code?after=\(text)")
            #expect(code.text == "2222")
            #expect(try await client.messages(.init(before: 2, after: InboxCursor(text))).isEmpty)
        }
    }

    @Test(arguments: ["", "1", "a.", ".1", "a.b", "a.-1", "a.1.2", "A.1", "a.99999999999999999999", "a.1 ", "a b.1"])
    func invalidCursorIsRejected(text: String) async throws {
        #expect(InboxCursor(text) == nil)
        guard !text.isEmpty else { return }
        try await Self.withInbox { emulator, _ async throws in
            let query = [RequestParameter("after", text)].canonicalQuery
            #expect(try await fetch("\(emulator.baseURL)/api/v1/messages?\(query)").status == 400)
        }
    }

    @Test func cursorRoundTripsThroughText() throws {
        let cursor = InboxCursor(run: "k3x9d7f2", id: 17)
        #expect(cursor.description == "k3x9d7f2.17")
        #expect(InboxCursor(cursor.description) == cursor)
        let json = try JSONEncoder().encode([cursor])
        #expect(try JSONDecoder().decode([InboxCursor].self, from: json) == [cursor])
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([InboxCursor].self, from: Data("[\"x\"]".utf8)) }
    }
}
