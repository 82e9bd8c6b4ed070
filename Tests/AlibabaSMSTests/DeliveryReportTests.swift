// SPDX-License-Identifier: Apache-2.0

import Foundation
import SeededRandom
import Synchronization
import Testing

@testable import AlibabaSMS

@Suite struct DeliveryReportTests {
    static let secret = "s3cret-of-the-path"

    /// A push with two delivery reports, the first of which is the example in Alibaba's documentation.
    static let push = #"""
        [{"To":"85211111234","Status":"1","MessageId":"1234500001234","TaskId":"67890","SmsSize":"2",
          "SendDate":"Thu, 25 Nov 2021 10:25:00 +0800","ReceiveDate":"Thu, 25 Nov 2021 10:25:33 +0800",
          "ErrorCode":"success","ErrorDescription":"success"},
         {"MessageId":"2","Status":6,"Extra":{"a":1},"SendDate":"soon"}]
        """#

    static func handler(_ log: DeliveryReportLog = DeliveryReportLog()) throws -> DeliveryReportHandler {
        try DeliveryReportHandler(secret: Self.secret, log: log)
    }

    static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    /// Passes a push to the handler, and returns the response and the new reports.
    static func handle(
        _ text: String,
        _ handler: DeliveryReportHandler,
        path: String = "/hooks/s3cret-of-the-path"
    ) async -> (response: DeliveryReportHandler.Response, reports: [DeliveryReport]) {
        let reports = Mutex<[DeliveryReport]>([])
        let response = await handler.handle(path: path, body: Self.bytes(text)) { new in
            reports.withLock { $0 += new }
        }
        return (response, reports.withLock { $0 })
    }

    @Test func everyFieldIsParsedAndUnknownFieldsAreKept() throws {
        let push = try DeliveryReportPush(Self.bytes(Self.push))
        #expect(push.ignoredCount == 0)
        let first = try #require(push.reports.first)
        #expect(first.messageID == "1234500001234")
        #expect(first.status == .delivered)
        #expect(first.taskID == "67890")
        #expect(first.to == "85211111234")
        #expect(first.segments == 2)
        #expect(first.sendDate == Date(timeIntervalSince1970: 1_637_807_100))
        #expect(first.receiveDate == Date(timeIntervalSince1970: 1_637_807_133))
        #expect(first.errorCode == "success")
        #expect(first.errorDescription == "success")
        #expect(first.otherFields.isEmpty)
        let second = try #require(push.reports.last)
        #expect(second.status == .expired)
        #expect(second.taskID == nil)
        #expect(second.sendDate == nil)
        #expect(second.otherFields == ["Extra": #"{"a":1}"#, "SendDate": "soon"])
    }

    @Test(arguments: [
        ("1", DeliveryReport.Status.delivered), ("2", .failed), ("6", .expired), ("3", .init(rawValue: "3")),
        ("x", .init(rawValue: "x")),
    ])
    func knownAndUnknownStatusesAreParsed(text: String, status: DeliveryReport.Status) throws {
        let push = try DeliveryReportPush(Self.bytes(#"[{"MessageId":"1","Status":"\#(text)"}]"#))
        #expect(push.reports.first?.status == status)
    }

    @Test func pushIsAcknowledgedInTheFormatOfTheGateway() async throws {
        let result = await Self.handle(Self.push, try Self.handler())
        #expect(result.response.status == 200)
        #expect(String(decoding: result.response.body, as: UTF8.self) == #"{"code":0,"msg":"received"}"#)
        #expect(result.response.contentType == "application/json")
        #expect(result.response.newCount == 2)
        #expect(result.reports.map(\.messageID) == ["1234500001234", "2"])
    }

    @Test func duplicateReportCountsOnce() async throws {
        let handler = try Self.handler()
        #expect(await Self.handle(Self.push, handler).reports.count == 2)
        let again = await Self.handle(Self.push, handler)
        #expect(again.response.status == 200)
        #expect(again.reports.isEmpty)
        #expect(again.response.duplicateCount == 2)
        // Duplicates in a single push are dropped as well. A report with another status is not a duplicate.
        let text = #"[{"MessageId":"9","Status":"2"},{"MessageId":"9","Status":"2"},{"MessageId":"9","Status":"1"}]"#
        let result = await Self.handle(text, handler)
        #expect(result.reports.map(\.status) == [.failed, .delivered])
        #expect(result.response.duplicateCount == 1)
        #expect(handler.log.report(messageID: "9")?.status == .delivered)
    }

    @Test func concurrentDuplicatesCountOnce() async throws {
        let handler = try Self.handler()
        let counts = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<64 { group.addTask { await Self.handle(Self.push, handler).reports.count } }
            return await group.reduce(0, +)
        }
        #expect(counts == 2)
    }

    @Test func unprocessedReportsAreRequestedAgain() async throws {
        struct Full: Error {}
        let handler = try Self.handler()
        let failed = await handler.handle(path: Self.secret, body: Self.bytes(Self.push)) { _ in throw Full() }
        #expect(failed.status == 503)
        #expect(handler.log.report(messageID: "2") == nil)
        let again = await Self.handle(Self.push, handler)
        #expect(again.response.status == 200)
        #expect(again.reports.count == 2)
    }

    @Test func reportIsFoundByItsTaskID() async throws {
        let handler = try Self.handler()
        #expect(handler.log.report(taskID: "67890") == nil)
        _ = await Self.handle(Self.push, handler)
        #expect(handler.log.report(taskID: "67890")?.messageID == "1234500001234")
        #expect(handler.log.report(messageID: "1234500001234")?.taskID == "67890")
        #expect(handler.log.report(taskID: "2") == nil)
    }

    @Test(arguments: [
        "/hooks/", "", "/", "/hooks/s3cret-of-the-pat", "/hooks/s3cret-of-the-pathh", "/S3CRET-OF-THE-PATH",
        "/s3cret-of-the-path/", "/s3cret-of-the-path/more", "/%73%33cret-of-the-path", "/hooks",
    ])
    func pathWithoutTheSecretIsNotFound(path: String) async throws {
        let result = await Self.handle(Self.push, try Self.handler(), path: path)
        #expect(result.response.status == 404)
        #expect(result.reports.isEmpty)
        #expect(!String(decoding: result.response.body, as: UTF8.self).contains("s3cret"))
    }

    @Test(arguments: [
        "", "short", String(repeating: "x", count: 15), String(repeating: "x", count: 129), "a secret/with slash",
    ])
    func unsuitableSecretIsInvalid(secret: String) {
        let error = #expect(throws: AlibabaSMSError.self) { try DeliveryReportHandler(secret: secret) }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.field == "secret")
    }

    static let hostile: [String] = [
        "", " ", "null", "{}", "\"[]\"", "1", "[", "[{]", "[{}", "{\"a\":[]}", "\u{0}", "[\u{0}]", "[1,]x", "<xml/>",
        String(repeating: "[", count: 100_000),
        String(repeating: "[", count: 1000) + String(repeating: "]", count: 1000),
        #"[{"a":"# + String(repeating: #"{"a":"#, count: 5000),
        "[" + String(repeating: "{},", count: 1000) + "{}]",
        "[\"" + String(repeating: "x", count: 1024 * 1024) + "\"]",
    ]

    @Test(arguments: hostile.indices)
    func malformedPushIsRejectedWithoutBeingQuoted(index: Int) async throws {
        let result = await Self.handle(Self.hostile[index], try Self.handler())
        #expect(result.response.status == 400)
        #expect(result.reports.isEmpty)
        #expect(String(decoding: result.response.body, as: UTF8.self) == #"{"code":400,"msg":"not readable"}"#)
    }

    @Test func malformedEntriesAreIgnored() async throws {
        let entries = [
            "1", "null", "[]", "\"x\"", "{}", #"{"MessageId":"1"}"#, #"{"Status":"1"}"#,
            #"{"MessageId":"","Status":"1"}"#,
            #"{"MessageId":"a b","Status":"1"}"#, #"{"MessageId":{},"Status":"1"}"#, #"{"MessageId":"1","Status":""}"#,
            #"{"MessageId":"1","Status":[]}"#, #"{"MessageId":"\#(String(repeating: "1", count: 65))","Status":"1"}"#,
            #"{"MessageId":"1","Status":"\#(String(repeating: "1", count: 33))"}"#,
            #"{"MessageId":"1","Status":"1","TaskId":"\#(String(repeating: "t", count: 256))"}"#,
            #"{"messageid":"1","status":"1"}"#, #"{"phone_number":"1","success":true,"biz_id":"1"}"#,
            #"{"MessageId":"9","Status":"1","To":5,"TaskId":null,"SendDate":[]}"#,
        ]
        let result = await Self.handle("[\(entries.joined(separator: ","))]", try Self.handler())
        #expect(result.response.status == 200)
        #expect(result.response.ignoredCount == entries.count - 1)
        #expect(result.reports.map(\.messageID) == ["9"])
        #expect(result.reports.first?.to == "5")
    }

    @Test func invalidUTF8IsIgnored() async throws {
        let body: [UInt8] = [0x5B, 0x22, 0xFF, 0x22, 0x5D]
        let response = await (try Self.handler()).handle(path: Self.secret, body: body) { _ in }
        #expect(response.ignoredCount == 1)
        #expect(response.newCount == 0)
    }

    /// Random bytes and random changes of the example must not trap, and must not create reports.
    @Test func randomBytesAreHarmless() async throws {
        var generator = SplitMix64(seed: 3)
        let example = Self.bytes(Self.push)
        let handler = try Self.handler()
        for round in 0..<3000 {
            var body = example
            if round % 3 == 0 {
                body = (0..<Int(generator.next() % 200)).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            } else {
                for _ in 0...(generator.next() % 8) {
                    body[Int(generator.next() % UInt64(body.count))] = UInt8(truncatingIfNeeded: generator.next())
                }
            }
            let response = await handler.handle(path: Self.secret, body: body) { _ in }
            #expect([200, 400].contains(response.status))
            #expect(response.newCount + response.duplicateCount + response.ignoredCount <= 2)
        }
    }

    @Test func logIsBoundedAndKeepsTheLatestReports() async throws {
        let log = DeliveryReportLog(capacity: 100)
        let handler = try Self.handler(log)
        for index in 0..<1000 {
            let text = #"[{"MessageId":"\#(index)","Status":"1","TaskId":"t\#(index)"}]"#
            #expect(await Self.handle(text, handler).reports.count == 1)
            // The log keeps at least the newest reports up to half of its capacity.
            for back in 0..<min(50, index + 1) {
                #expect(log.report(messageID: "\(index - back)") != nil)
                #expect(log.report(taskID: "t\(index - back)") != nil)
            }
        }
        let known = (0..<1000).count { log.report(messageID: "\($0)") != nil }
        #expect((50...100).contains(known))
        let newest = #"[{"MessageId":"999","Status":"1"},{"MessageId":"0","Status":"1"}]"#
        #expect(await Self.handle(newest, handler).reports.map(\.messageID) == ["0"])
    }

    @Test func recentEntriesAreBounded() {
        var entries = RecentEntries<Int, Int>(capacity: 10)
        for index in 0..<1000 {
            entries[index] = index
            entries[index] = index + 1
            #expect(entries.count <= 10)
            #expect(entries[index] == index + 1)
            if index >= 4 { #expect(entries[index - 4] == index - 3) }
        }
        entries[999] = nil
        #expect(entries[999] == nil)
    }

    @Test func reportDescriptionHasNoPhoneNumber() throws {
        let push = try DeliveryReportPush(Self.bytes(Self.push))
        for value in [push.reports[0], push, try Self.handler()] as [Any] {
            let text = RedactionTests.everyText(of: value)
            #expect(!text.contains("85211111234"))
            #expect(!text.contains(Self.secret))
        }
    }
}
