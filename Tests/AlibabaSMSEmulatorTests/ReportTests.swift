// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import Foundation
import Testing

@testable import AlibabaSMSEmulator

/// Tests of pushes of delivery reports to the handler in `AlibabaSMS`.
@Suite(.timeLimit(.minutes(1))) struct ReportTests {
    static let start = DeliveryTests.start

    static func entry(_ number: Int = 1) -> DeliveryReportEntry {
        var message = DeliveryTests.message()
        message.messageID = "\(number)"
        return DeliveryReportEntry(message, end: .init(.delivered, at: Self.start, detail: "DELIVERED"))
    }

    /// Sends one message to each number, and passes the emulator and the receiver of its delivery reports to a closure.
    static func withMessages(
        to numbers: [String],
        responses: [(status: Int, body: String)] = [],
        sendsDuplicates: Bool = false,
        _ body: (SMSGatewayEmulator.Server, ReportReceiver, [String]) async throws -> Void
    ) async throws {
        try await ReportReceiver.with(responses: responses) { receiver async throws in
            var configuration = SMSGatewayEmulator.Configuration(accessKeys: [try key()])
            configuration.reports = DeliveryReportSettings(url: receiver.url, sendsDuplicates: sendsDuplicates)
            try await SMSGatewayEmulator.withServer(configuration) { emulator async throws in
                await emulator.freezeClock()
                var ids: [String] = []
                for number in numbers {
                    let parameters = [("To", number), ("Message", "Hi"), ("TaskId", "t-\(number)")]
                    let response = try await SpoilableRequest(to: emulator, parameters: parameters).send(to: emulator)
                    ids.append(try #require(response.json["MessageId"] as? String))
                }
                try await body(emulator, receiver, ids)
            }
        }
    }

    @Test func pushedReportsContainTheFinalStatusOfEachMessage() async throws {
        try await Self.withMessages(to: ["6591234567", "447700900001"]) { emulator, receiver, ids in
            await emulator.advanceClock(by: .seconds(3))
            var reports: [DeliveryReport] = []
            while reports.count < 2 { reports += try await receiver.next().reports }
            #expect(reports.map(\.messageID) == ids)
            #expect(reports.map(\.status) == [.delivered, .failed])
            #expect(reports.map(\.taskID) == ["t-6591234567", "t-447700900001"])
            #expect(reports.map(\.errorCode) == ["success", "UNDELIV"])
            #expect(reports.map(\.to) == ["6591234567", "447700900001"])
            #expect(reports.allSatisfy { $0.segments == 1 && $0.otherFields.isEmpty })
            let sent = try #require(reports[0].sendDate)
            #expect(reports[0].receiveDate?.timeIntervalSince(sent) == 3)
            let message = try await DeliveryTests.wait(for: ids[0], in: emulator) { $0.timeline.count == 4 }
            #expect(message.timeline.last?.kind == .reportAccepted)
            #expect(message.timeline.last?.detail == "push 1: HTTP 200, code 0")
        }
    }

    @Test func oneRequestPushesSeveralReports() async throws {
        try await Self.withMessages(to: (0..<5).map { "659123456\($0)" }) { emulator, receiver, ids in
            await emulator.advanceClock(by: .seconds(10))
            var reports: [[DeliveryReport]] = []
            while reports.joined().count < 5 { reports.append(try await receiver.next().reports) }
            #expect(Set(reports.joined().map(\.messageID)) == Set(ids))
            #expect(reports.count < 5)
        }
    }

    @Test func pushesThatAreNotAcknowledgedAreRetriedAfterOneAndFiveMinutes() async throws {
        let responses = [(503, "busy"), (200, #"{"code":1,"msg":"no"}"#)]
        try await Self.withMessages(to: ["6591234567"], responses: responses) { emulator, receiver, ids in
            await emulator.advanceClock(by: .seconds(3))
            #expect(try await receiver.next().reports.map(\.messageID) == ids)
            _ = try await DeliveryTests.wait(for: ids[0], in: emulator) { $0.timeline.count == 4 }
            await emulator.advanceClock(by: .seconds(60))
            #expect(try await receiver.next().reports.map(\.messageID) == ids)
            _ = try await DeliveryTests.wait(for: ids[0], in: emulator) { $0.timeline.count == 5 }
            await emulator.advanceClock(by: .seconds(300))
            #expect(try await receiver.next().reports.map(\.messageID) == ids)
            let message = try await DeliveryTests.wait(for: ids[0], in: emulator) { $0.timeline.count == 6 }
            let pushes = message.timeline.suffix(3)
            #expect(pushes.map(\.kind) == [.reportRejected, .reportRejected, .reportAccepted])
            #expect(
                pushes.map(\.detail) == [
                    "push 1: HTTP 503", "push 2: HTTP 200, code 1", "push 3: HTTP 200, code 0",
                ]
            )
        }
    }

    @Test func configuredDuplicatesArePushedAndTheHandlerDetectsThem() async throws {
        try await Self.withMessages(to: ["6591234567"], sendsDuplicates: true) { emulator, receiver, ids in
            await emulator.advanceClock(by: .seconds(3))
            #expect(try await receiver.next().duplicateCount == 0)
            #expect(try await receiver.next().duplicateCount == 1)
            let message = try await DeliveryTests.wait(for: ids[0], in: emulator) { $0.timeline.count == 5 }
            #expect(message.timeline.last?.detail == "push 2, duplicate: HTTP 200, code 0")
        }
    }

    @Test func aPushIsRetriedAtMostTwice() {
        var queue = DeliveryReportQueue(retryDelays: [.seconds(60), .seconds(300)], sendsDuplicates: false)
        queue.add(PendingDeliveryReport(entry: Self.entry(), due: Self.start))
        #expect(queue.next(at: Self.start.addingTimeInterval(-0.001)).isEmpty)
        var now = Self.start
        for pause in [60.0, 300] {
            queue.complete(queue.next(at: now), isAccepted: false, at: now)
            #expect(queue.due == now.addingTimeInterval(pause))
            #expect(queue.next(at: now.addingTimeInterval(pause - 0.001)).isEmpty)
            now += pause
        }
        let last = queue.next(at: now)
        #expect(last.map(\.pushes) == [2])
        queue.complete(last, isAccepted: false, at: now)
        #expect(queue.count == 0)
    }

    @Test func anAcknowledgedReportIsNotPushedAgain() {
        var queue = DeliveryReportQueue(retryDelays: [.seconds(60)], sendsDuplicates: false)
        queue.add(PendingDeliveryReport(entry: Self.entry(), due: Self.start))
        queue.complete(queue.next(at: Self.start), isAccepted: true, at: Self.start)
        #expect(queue.count == 0)
    }

    @Test(arguments: [false, true]) func aReportInFlightDuringAResetIsNotPushedAgain(isAccepted: Bool) {
        var queue = DeliveryReportQueue(retryDelays: [.seconds(60)], sendsDuplicates: true)
        queue.add(PendingDeliveryReport(entry: Self.entry(), due: Self.start))
        let batch = queue.next(at: Self.start)
        queue.clear()
        queue.add(PendingDeliveryReport(entry: Self.entry(2), due: Self.start))
        queue.complete(batch, isAccepted: isAccepted, at: Self.start)
        #expect(queue.next(at: Self.start.addingTimeInterval(3600)).map(\.entry.messageID) == ["2"])
    }

    @Test func aDuplicateIsPushedOnce() {
        for isAccepted in [false, true] {
            var queue = DeliveryReportQueue(retryDelays: [.seconds(60)], sendsDuplicates: true)
            queue.add(PendingDeliveryReport(entry: Self.entry(), due: Self.start))
            queue.complete(queue.next(at: Self.start), isAccepted: true, at: Self.start)
            let duplicates = queue.next(at: Self.start)
            #expect(duplicates.map(\.isDuplicate) == [true])
            queue.complete(duplicates, isAccepted: isAccepted, at: Self.start)
            #expect(queue.count == 0)
        }
    }

    @Test func aPushContainsAtMostOneHundredReportsInOrder() {
        var queue = DeliveryReportQueue(retryDelays: [], sendsDuplicates: false)
        for number in 0..<250 { queue.add(PendingDeliveryReport(entry: Self.entry(number), due: Self.start)) }
        let counts = (0..<4).map { _ in queue.next(at: Self.start).map(\.entry.messageID) }
        #expect(counts.map(\.count) == [100, 100, 50, 0])
        #expect(counts.joined().elementsEqual((0..<250).map { "\($0)" }))
    }

    @Test func theQueueOfReportsIsBounded() {
        var queue = DeliveryReportQueue(retryDelays: [], sendsDuplicates: false)
        for number in 0..<20_000 { queue.add(PendingDeliveryReport(entry: Self.entry(number), due: Self.start)) }
        #expect(queue.count == DeliveryReportQueue.capacity)
    }

    @Test(
        arguments: [
            ("http://example.com/x", false), ("http://127.0.0.1.example.com/", false), ("ftp://127.0.0.1/", false),
            ("", false), ("http://localhost@example.com/", false), ("http://localhost:1/x", true),
            ("http://[::1]:80/", true), ("https://127.0.0.1/", true),
        ]
    )
    func reportsArePushedOnlyToLoopbackByDefault(url: String, isAllowed: Bool) async {
        let settings = DeliveryReportSettings(url: url)
        if isAllowed {
            #expect(throws: Never.self) { try settings.check() }
        } else {
            #expect(throws: EmulatorConfigurationError.self) { try settings.check() }
            await #expect(throws: EmulatorConfigurationError.self) {
                try await SMSGatewayEmulator.withServer(.init(reports: settings)) { _ in }
            }
        }
        let open = DeliveryReportSettings(url: "http://example.com/x", allowsOtherHosts: true)
        #expect(throws: Never.self) { try open.check() }
    }
}
