// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import AlibabaSMS

/// Tests that the log of delivery reports does not exceed its maximum size in bytes.
@Suite struct DeliveryReportSizeTests {
    static func reports(_ entries: String) throws -> [DeliveryReport] {
        try DeliveryReportPush(Array("[\(entries)]".utf8)).reports
    }

    static func report(_ id: Int, _ more: String = "") throws -> DeliveryReport {
        try #require(try Self.reports(#"{"MessageId":"\#(id)","Status":"1"\#(more)}"#).first)
    }

    @Test(
        "Codes and numbers that are too long are dropped",
        arguments: ["To", "ErrorCode"]
    )
    func longFields(_ name: String) throws {
        let short = try Self.report(1, #","\#(name)":"\#(String(repeating: "1", count: 128))""#)
        #expect([short.to, short.errorCode].compactMap(\.self).count == 1)
        let long = try Self.report(1, #","\#(name)":"\#(String(repeating: "1", count: 129))""#)
        #expect([long.to, long.errorCode].allSatisfy { $0 == nil })
        #expect(long.otherFields.isEmpty)
    }

    @Test(
        "A segment count that is not a number stays among the other fields",
        arguments: ["2", "x", "-1", "99999999999999999999"]
    )
    func segmentCount(_ text: String) throws {
        let report = try Self.report(1, #","SmsSize":"\#(text)""#)
        #expect(report.segments == (text == "2" ? 2 : nil))
        #expect(report.otherFields["SmsSize"] == (text == "2" ? nil : text))
    }

    @Test("A report survives a round trip through JSON")
    func codable() throws {
        let more = #","To":"6591234567","SmsSize":2,"SendDate":"Mon, 24 Dec 2018 16:58:22 +0800","New":[1]"#
        let report = try Self.report(1, more)
        #expect(try JSONDecoder().decode(DeliveryReport.self, from: JSONEncoder().encode(report)) == report)
    }

    @Test(
        "A long description is truncated at a character boundary",
        arguments: ["x", "\u{E9}", "\u{4E2D}", "\u{1F600}"]
    )
    func longDescription(_ character: String) throws {
        let report = try Self.report(1, #","ErrorDescription":"\#(String(repeating: character, count: 50_000))""#)
        let text = try #require(report.errorDescription)
        #expect((1021...1024).contains(text.utf8.count))
        #expect(text.allSatisfy { String($0) == character })
        #expect(try Self.report(1, #","ErrorDescription":"fine""#).errorDescription == "fine")
    }

    @Test(
        "Large unknown fields are dropped",
        arguments: [
            (#"{"a":[1,2]}"#, true), ("\"\(String(repeating: "x", count: 3000))\"", true),
            ("\"\(String(repeating: "x", count: 5000))\"", false),
            ("[\(Array(repeating: "[]", count: 1500).joined(separator: ","))]", false),
            ("{\((0..<1000).map { "\"\($0)\":0" }.joined(separator: ","))}", false),
        ]
    )
    func otherFields(_ value: String, _ stays: Bool) throws {
        #expect(try Self.report(1, #","Other":\#(value)"#).otherFields.isEmpty == !stays)
        #expect(try Self.report(1, #","SendDate":\#(value)"#).otherFields.isEmpty == !stays)
    }

    @Test("The largest report takes a few kilobytes")
    func largestReport() throws {
        func text(_ count: Int) -> String { String(repeating: "\u{4E2D}", count: count) }
        let more =
            #","TaskId":"\#(text(255))","To":"\#(text(42))","SmsSize":"\#(text(42))","ErrorCode":"\#(text(42))","#
            + #""ErrorDescription":"\#(text(9999))","Other":"\#(text(1000))""#
        #expect(try Self.report(1, more).size < 8 * 1024)
    }

    @Test("Large reports evict others, so that the log stays within its bytes", arguments: [3500, 1000, 10])
    func bytes(_ length: Int) async throws {
        let limit = 256 * 1024
        let log = DeliveryReportLog(capacity: 20_000, maximumBytes: limit)
        let count = 1000
        for id in 0..<count {
            let report = try Self.report(
                id,
                #","TaskId":"t\#(id)","Other":"\#(String(repeating: "x", count: length))""#
            )
            log.keep(log.claim([report]))
        }
        let kept = (0..<count).compactMap { log.report(messageID: "\($0)") }
        #expect(kept.reduce(0) { $0 + $1.size } <= limit)
        // The log still uses at least a quarter of the bytes.
        #expect(kept.reduce(0) { $0 + $1.size } >= limit / 4)
        #expect(kept.last?.messageID == "\(count - 1)")
        #expect(log.report(taskID: "t\(count - 1)")?.messageID == "\(count - 1)")
        #expect(log.report(taskID: "t0") == nil)
    }

    @Test("The total size is correct after entries are replaced and removed")
    func replacedEntries() {
        var entries = RecentEntries<Int, Int>(capacity: 1000, maximumSize: 100) { $1 }
        for round in 0..<1000 {
            entries[1] = 10
            entries[2] = round % 2 == 0 ? nil : 20
        }
        #expect(entries[1] == 10)
        #expect(entries[2] == 20)
        for key in 3..<100 { entries[key] = 10 }
        let kept = (0..<100).compactMap { entries[$0] }
        #expect(kept.reduce(0, +) <= 100)
        #expect(kept.reduce(0, +) >= 50)
        entries[200] = 5000
        #expect(entries[200] == 5000)
        #expect(entries.count <= 7)
    }
}
