// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import AsyncHTTPClient
import Foundation
import LoopbackConnection
import NIOCore
import NIOHTTP1
import NIOPosix
import SMSKit
import Testing
import TextFormats

@testable import AlibabaSMSEmulator

/// Tests of the effects of faults on connections and responses.
@Suite(.timeLimit(.minutes(1))) struct FaultTests {
    /// The end of a connection, with the bytes that were received before it.
    enum Ending: Sendable, Hashable {
        case closed(String)
        case reset
    }

    static let unlimited = AccountSettings(requestsPerSecond: ["BatchSendMessageToGlobe": 1000])

    static func withServer<Result: Sendable>(
        _ rules: [FaultRule],
        _ body: (SMSGatewayEmulator.Server) async throws -> Result
    ) async throws -> Result {
        let configuration = SMSGatewayEmulator.Configuration(
            accessKeys: [try key()],
            account: Self.unlimited,
            faults: .init(rules)
        )
        return try await SMSGatewayEmulator.withServer(configuration, body)
    }

    /// Sends a valid request over a socket, and waits for the end of the connection.
    static func exchange(with emulator: SMSGatewayEmulator.Server) async throws -> Ending {
        let request = try SpoilableRequest(to: emulator)
        let headers = request.headers.map { "\($0.name): \($0.value)\r\n" }.joined()
        let host = request.headers.contains { $0.name == "host" } ? "" : "host: 127.0.0.1:\(emulator.port)\r\n"
        let text = "POST /?\(request.query) HTTP/1.1\r\n\(host)\(headers)content-length: 0\r\n\r\n"
        let channel = try await LoopbackConnection.open(port: emulator.port)
        do {
            return try await channel.executeThenClose { inbound, outbound in
                try await outbound.write(ByteBuffer(string: text))
                var received = ""
                for try await part in inbound { received += String(buffer: part) }
                return .closed(received)
            }
        } catch let error as IOError where error.errnoCode == ECONNRESET {
            return .reset
        }
    }

    /// Sends a message with `AlibabaSMSClient`.
    static func send(
        to emulator: SMSGatewayEmulator.Server,
        number: String = "+6591234567",
        timeout: Duration = .seconds(20)
    ) async throws -> SMSSendOutcome {
        var configuration = AlibabaSMSConfiguration(endpoint: emulator.baseURL)
        configuration.maximumRequests = 1
        let httpClient = try AlibabaHTTPClient(configuration)
        let client = try AlibabaSMSClient(
            configuration: configuration,
            credentials: .static(key()),
            httpClient: httpClient
        )
        let message = SMSMessage(
            to: try #require(PhoneNumber(e164: number)),
            text: "Your code is 123456",
            category: .oneTimePassword,
            validity: .seconds(300)
        )
        let outcome = await client.send(message, timeout: timeout)
        try await httpClient.shutdown()
        return outcome
    }

    @Test func unreachableResetsTheConnectionWithoutProcessing() async throws {
        try await Self.withServer([FaultRule(.unreachable)]) { emulator async throws in
            #expect(try await Self.exchange(with: emulator) == .reset)
            guard case .unknown = try await Self.send(to: emulator) else {
                Issue.record("the outcome should be unknown")
                return
            }
            #expect(await emulator.inbox.messages().isEmpty)
            #expect(emulator.struckFaultCounts == [2])
        }
    }

    @Test func acceptThenCloseAcceptsTheMessageWithoutAResponse() async throws {
        try await Self.withServer([FaultRule(.acceptThenClose)]) { emulator async throws in
            #expect(try await Self.exchange(with: emulator) == .closed(""))
            #expect(await emulator.inbox.messages().count == 1)
            guard case .unknown = try await Self.send(to: emulator) else {
                Issue.record("the outcome should be unknown")
                return
            }
            #expect(await emulator.inbox.messages().count == 2)
        }
    }

    @Test func hangClosesTheConnectionWithoutAResponse() async throws {
        try await Self.withServer([FaultRule(.hang(for: .milliseconds(50)))]) { emulator async throws in
            #expect(try await Self.exchange(with: emulator) == .closed(""))
            #expect(await emulator.inbox.messages().isEmpty)
        }
    }

    @Test func disconnectingEndsAHang() async throws {
        // During shutdown, the server waits for its connections. If the hang ignored the disconnect, the test would take ten
        // minutes.
        try await Self.withServer([FaultRule(.hang(for: .seconds(600)))]) { emulator async throws in
            let outcome = try await Self.send(to: emulator, timeout: .milliseconds(300))
            guard case .unknown(let error) = outcome else {
                Issue.record("\(outcome)")
                return
            }
            #expect(error.code == "timeout")
        }
    }

    @Test func slowProcessesImmediatelyAndRespondsLater() async throws {
        try await Self.withServer([FaultRule(.slow(by: .seconds(600)))]) { emulator async throws in
            async let outcome = Self.send(to: emulator, timeout: .seconds(2))
            // The inbox contains the message while the client still waits.
            #expect(await emulator.inbox.wait(timeout: .seconds(10)) != nil)
            guard case .unknown = try await outcome else {
                Issue.record("the outcome should be unknown")
                return
            }
        }
        try await Self.withServer([FaultRule(.slow(by: .milliseconds(20)))]) { emulator async throws in
            let outcome = try await Self.send(to: emulator)
            guard case .accepted = outcome else {
                Issue.record("\(outcome)")
                return
            }
        }
    }

    @Test(arguments: [500, 502, 503, 504], [false, true])
    func httpFaultRespondsWithAPage(status: Int, afterProcessing: Bool) async throws {
        let rule = FaultRule(.http(status: status, afterProcessing: afterProcessing))
        try await Self.withServer([rule]) { emulator async throws in
            let response = try await SpoilableRequest(to: emulator).send(to: emulator)
            #expect(response.status == status)
            #expect(response.headers.first(name: "content-type") == "text/html")
            #expect(response.text.contains(#/<h1>50\d [A-Z][a-zA-Z ]+</h1>/#))
            #expect(await emulator.inbox.messages().count == (afterProcessing ? 1 : 0))
        }
    }

    @Test(arguments: [false, true]) func garbageIsNotJSON(afterProcessing: Bool) async throws {
        try await Self.withServer([FaultRule(.garbage(afterProcessing: afterProcessing))]) { emulator async throws in
            let response = try await SpoilableRequest(to: emulator).send(to: emulator)
            #expect(response.status == 200)
            #expect(response.json.isEmpty)
            #expect(await emulator.inbox.messages().count == (afterProcessing ? 1 : 0))
            guard case .unknown = try await Self.send(to: emulator) else {
                Issue.record("the outcome should be unknown")
                return
            }
        }
    }

    @Test(
        arguments: [
            ("Throttling.User", 400), ("Throttling", 400), ("ServiceUnavailable", 503), ("InternalError", 500),
            ("NoPermission", 403), ("Forbidden.RAM", 403), ("InvalidAccessKeyId.NotFound", 404),
        ]
    )
    func gatewayCodesHaveTheGatewayFormat(code: String, status: Int) async throws {
        try await Self.withServer([FaultRule(.reject(code: code, retryAfter: .milliseconds(1500)))]) {
            emulator async throws in
            let response = try await SpoilableRequest(to: emulator).send(to: emulator)
            #expect(response.status == status)
            #expect(response.json["Code"] as? String == code)
            #expect(response.headers.first(name: "x-acs-retry-after") == "1500")
            #expect(await emulator.inbox.messages().isEmpty)
            // An unauthenticated request does not reveal the fault.
            var forged = try SpoilableRequest(to: emulator)
            forged.query += "&From=Mallory"
            #expect(try await forged.send(to: emulator).code == "SignatureDoesNotMatch")
        }
    }

    @Test(arguments: ["SYSTEM_ERROR", "isv.AMOUNT_NOT_ENOUGH", "MOBILE_NUMBER_ILLEGAL", "NEVER_SEEN"])
    func serviceCodesHaveTheServiceFormat(code: String) async throws {
        try await Self.withServer([FaultRule(.reject(code: code))]) { emulator async throws in
            let response = try await SpoilableRequest(to: emulator).send(to: emulator)
            #expect(response.status == 200)
            #expect(response.json["ResponseCode"] as? String == code)
            let query = try await ActionTests.call("QueryMessage", [("MessageId", "1")], to: emulator)
            #expect(query.json["ResponseCode"] as? String == code)
            #expect(await emulator.inbox.messages().isEmpty)
        }
    }

    @Test func statusOfARejectionCanBeSet() async throws {
        for code in ["Throttling.User", "QPS_LIMIT_CONTROL"] {
            try await Self.withServer([FaultRule(.reject(code: code, status: 429))]) { emulator async throws in
                let response = try await SpoilableRequest(to: emulator).send(to: emulator)
                #expect(response.status == 429)
                #expect(response.code == code)
            }
        }
    }

    @Test func singleNumberOfABatchIsRejected() async throws {
        let rule = FaultRule(.reject(code: "SMS_CONTENT_ILLEGAL"), for: .init(to: "+852*"))
        try await Self.withServer([rule]) { emulator async throws in
            let parameters = [("To", #"["6591234567","85261234567"]"#), ("Message", #"["A","B"]"#)]
            let response = try await ActionTests.call("BatchSendMessageToGlobe", parameters, to: emulator)
            #expect(response.code == "OK")
            #expect(response.json["FailedList"] as? String == #"["85261234567"]"#)
        }
    }

    @Test func duplicateIsDeliveredAndBilledTwice() async throws {
        var configuration = SMSGatewayEmulator.Configuration(accessKeys: [try key()])
        configuration.account = .init(balanceMicros: 10, prices: .init(micros: [:], otherMicros: 4))
        configuration.faults = .init([FaultRule(.duplicate)])
        try await SMSGatewayEmulator.withServer(configuration) { emulator async throws in
            let response = try await SpoilableRequest(to: emulator).send(to: emulator)
            #expect(response.code == "OK")
            let messages = await emulator.inbox.messages()
            #expect(messages.count == 2)
            #expect(Set(messages.map(\.messageID)).count == 2)
            #expect(Set(messages.map(\.text)).count == 1)
            #expect(messages.last?.messageID == response.json["MessageId"] as? String)
            #expect(emulator.balanceMicros == 2)
        }
    }

    @Test(arguments: [-1200, 1200]) func clockSkewRejectsTheDateAndShowsTheWrongClock(seconds: Int) async throws {
        try await Self.withServer([FaultRule(.clockSkew(by: .seconds(seconds)))]) { emulator async throws in
            let response = try await SpoilableRequest(to: emulator).send(to: emulator)
            #expect(response.code == "InvalidTimeStamp.Expired")
            let wrong = Date().addingTimeInterval(Double(seconds))
            #expect(response.headers["date"].count == 1)
            let dates = [-1.0, 0, 1].map { wrong.addingTimeInterval($0).httpDate }
            #expect(dates.contains(response.headers.first(name: "date") ?? ""))
            let corrected = try SpoilableRequest(to: emulator, date: wrong)
            #expect(try await corrected.send(to: emulator).code == "OK")
        }
    }

    @Test func magicNumbersHaveTheirFaults() async throws {
        try await Self.withServer([]) { emulator async throws in
            for (number, code) in [
                ("+447700900002", "MOBILE_NUMBER_ILLEGAL"), ("+447700900003", "AMOUNT_NOT_ENOUGH"),
                ("+447700900004", "Throttling.User"), ("+447700900012", "SYSTEM_ERROR"),
                ("+447700900013", "ALERT_LIMIT_DAY"), ("+447700900001", "OK"), ("+447700900007", "OK"),
                ("+447700900999", "OK"),
            ] {
                let parameters = [("To", String(number.dropFirst())), ("Message", "Hi")]
                let response = try await SpoilableRequest(to: emulator, parameters: parameters).send(to: emulator)
                #expect(response.code == code, "\(number)")
            }
            #expect(await emulator.inbox.messages().count == 4)
            for number in ["+447700900006", "+447700900008", "+447700900009", "+447700900010"] {
                let outcome = try await Self.send(to: emulator, number: number)
                guard case .unknown = outcome else {
                    Issue.record("\(number): \(outcome)")
                    continue
                }
            }
            #expect(await emulator.inbox.messages().count == 6)
        }
    }
}
