// SPDX-License-Identifier: Apache-2.0

import AlibabaSMS
import Foundation
import NIOHTTP1
import Testing

@testable import AlibabaSMSEmulator

/// Tests that change the clock and the faults of an emulator, and reset the emulator, over HTTP and in Swift.
@Suite struct ControlTests {
    static func call(
        _ method: HTTPMethod,
        _ path: String,
        _ body: String = "",
        at emulator: SMSGatewayEmulator.Server
    ) async throws -> ReceivedResponse {
        try await fetch("\(emulator.baseURL)/api/v1/\(path)", method: method, body: Array(body.utf8))
    }

    @Test func clockIsMovedStoppedAndReset() async throws {
        let base = Date(timeIntervalSince1970: 1_800_000_000)
        let clock = EmulatorClock(base: { base })
        clock.advance(by: 3600)
        #expect(clock.now == base.addingTimeInterval(3600))
        #expect(clock.clientTime == base)
        clock.freeze()
        #expect(clock.isFrozen)
        clock.advance(by: -7200)
        #expect(clock.now == base.addingTimeInterval(-3600))
        clock.freeze(false)
        #expect(!clock.isFrozen)
        #expect(clock.now == base.addingTimeInterval(-3600))
        clock.set(to: .distantFuture)
        #expect(clock.now == base.addingTimeInterval(EmulatorClock.range))
        clock.set(to: .distantPast)
        #expect(clock.now == base.addingTimeInterval(-EmulatorClock.range))
        clock.reset()
        #expect(clock.now == base)
    }

    @Test(arguments: [0.0, 0.0001, 0.0004999, 0.0005001, 0.0009999])
    func stepIsDueExactlyAtItsTimestamp(fraction: Double) {
        let base = Date(timeIntervalSince1970: 1_800_000_000 + fraction)
        let clock = EmulatorClock(base: { base })
        for isFrozen in [false, true] {
            clock.freeze(isFrozen)
            let due = InboxMessage.Event(.submitted, at: clock.now.addingTimeInterval(3)).at
            clock.advance(by: 2.999)
            #expect(due > clock.now)
            clock.advance(by: 0.001)
            #expect(due <= clock.now)
        }
    }

    @Test func stoppedClockResumesFromItsTime() {
        let time = MovedTime()
        let clock = EmulatorClock(base: { time.now })
        let start = clock.now
        clock.freeze()
        time.add(100)
        #expect(clock.now == start)
        clock.freeze(false)
        time.add(5)
        #expect(clock.now == start.addingTimeInterval(5))
    }

    @Test func clockIsSetOverHTTP() async throws {
        let base = Date(timeIntervalSince1970: 1_800_000_000)
        try await SMSGatewayEmulator.withServer(.init(accessKeys: [key()], now: { base })) { emulator in
            #expect(
                try await Self.call(.GET, "clock", at: emulator).text
                    == #"{"frozen":false,"now":"2027-01-15T08:00:00.000Z"}"#
            )
            let advanced = try await Self.call(.POST, "clock", #"{"advance":"1h"}"#, at: emulator)
            #expect(advanced.json["now"] as? String == "2027-01-15T09:00:00.000Z")
            // The emulator compares request dates with the reference clock.
            let response = try await SpoilableRequest(to: emulator, date: base).send(to: emulator)
            #expect(response.code == "OK")
            let message = await emulator.inbox.messages().first
            #expect(message?.receivedAt == base.addingTimeInterval(3600))
            let set = try await Self.call(.POST, "clock", #"{"set":"2030-02-03T04:05:06.500Z"}"#, at: emulator)
            #expect(set.json["now"] as? String == "2030-02-03T04:05:06.500Z")
            let frozen = try await Self.call(.POST, "clock", #"{"freeze":true}"#, at: emulator)
            #expect(frozen.json["frozen"] as? Bool == true)
            let reset = try await Self.call(.POST, "clock", #"{"reset":true}"#, at: emulator)
            #expect(reset.text == #"{"frozen":false,"now":"2027-01-15T08:00:00.000Z"}"#)
        }
    }

    @Test(
        arguments: [
            "", "x", "[]", "{}", #"{"advance":"soon"}"#, #"{"advance":"99999999999d"}"#, #"{"set":"tomorrow"}"#,
            #"{"freeze":1}"#, #"{"reset":false}"#, #"{"advance":"1h","freeze":true}"#, #"{"forward":"1h"}"#,
        ]
    )
    func invalidClockChangeIsRejected(body: String) async throws {
        try await SMSGatewayEmulator.withServer(.init(accessKeys: [key()])) { emulator async throws in
            let response = try await Self.call(.POST, "clock", body, at: emulator)
            #expect(response.status == 400)
            #expect(response.headers.first(name: "content-type") == "application/problem+json")
            #expect((response.json["detail"] as? String)?.hasSuffix(".") == true)
        }
    }

    @Test func temporaryCredentialExpiresByTheMovedClock() async throws {
        try await SMSGatewayEmulator.withServer(.init(accessKeys: [key()])) { emulator async throws in
            let fields = try await fetch(emulator.credentialsURI).json
            let credential = try AlibabaCredential(
                accessKeyID: fields["AccessKeyId"] as? String ?? "",
                accessKeySecret: fields["AccessKeySecret"] as? String ?? "",
                securityToken: fields["SecurityToken"] as? String
            )
            #expect(try await SecurityTokenTests.send(with: credential, to: emulator, at: Date()) == "OK")
            await emulator.advanceClock(by: .seconds(3601))
            let code = try await SecurityTokenTests.send(with: credential, to: emulator, at: Date())
            #expect(code == "InvalidSecurityToken.Expired")
        }
    }

    @Test func faultsAreSetListedAndRemovedOverHTTP() async throws {
        try await SMSGatewayEmulator.withServer(.init(accessKeys: [key()])) { emulator async throws in
            let rules =
                #"{"rules":[{"match":{"to":"+65*"},"count":1,"fault":{"kind":"reject","code":"SYSTEM_ERROR"}}]}"#
            let put = try await Self.call(.PUT, "faults", rules, at: emulator)
            #expect(put.status == 200)
            #expect(emulator.faults.rules.count == 1)
            #expect(try await SpoilableRequest(to: emulator).send(to: emulator).code == "SYSTEM_ERROR")
            #expect(try await SpoilableRequest(to: emulator).send(to: emulator).code == "OK")
            let shown = try await Self.call(.GET, "faults", at: emulator)
            #expect(shown.json["struck"] as? [Int] == [1])
            // The response can be sent again as a request body.
            #expect(try await Self.call(.PUT, "faults", shown.text, at: emulator).status == 200)
            #expect(emulator.struckFaultCounts == [0])
            #expect(try await Self.call(.DELETE, "faults", at: emulator).status == 204)
            #expect(emulator.faults.rules.isEmpty)
        }
    }

    @Test func invalidFaultsAreRejectedAndTheCurrentOnesKept() async throws {
        let configuration = SMSGatewayEmulator.Configuration(
            accessKeys: [try key()],
            faults: .init([FaultRule(.duplicate)])
        )
        try await SMSGatewayEmulator.withServer(configuration) { emulator async throws in
            let invalid = #"{"rules":[{"fault":{"kind":"explode"}}]}"#
            let response = try await Self.call(.PUT, "faults", invalid, at: emulator)
            #expect(response.status == 400)
            #expect(response.headers.first(name: "content-type") == "application/problem+json")
            #expect((response.json["detail"] as? String)?.hasPrefix("rules[0].fault.kind must be one of ") == true)
            #expect(emulator.faults.rules == [FaultRule(.duplicate)])
            let big = try await Self.call(.PUT, "faults", String(repeating: " ", count: 300_000), at: emulator)
            #expect(big.status == 413)
        }
    }

    @Test func resetRestoresTheInitialState() async throws {
        var configuration = SMSGatewayEmulator.Configuration(accessKeys: [try key()])
        configuration.account = .init(
            balanceMicros: 4,
            prices: .init(micros: [:], otherMicros: 4),
            messagesPerNumberAndDay: 1,
            requestsPerSecond: ["SendMessageToGlobe": 1]
        )
        try await SMSGatewayEmulator.withServer(configuration) { emulator async throws in
            await emulator.freezeClock()
            #expect(try await SpoilableRequest(to: emulator).send(to: emulator).code == "OK")
            #expect(try await SpoilableRequest(to: emulator).send(to: emulator).code == "Throttling.User")
            emulator.setFaults([FaultRule(.garbage())])
            #expect(try await Self.call(.POST, "reset", at: emulator).status == 204)
            #expect(await emulator.inbox.messages().isEmpty)
            #expect(emulator.balanceMicros == 4)
            #expect(emulator.faults.rules.isEmpty)
            #expect(try await SpoilableRequest(to: emulator).send(to: emulator).code == "OK")
        }
    }

    @Test func controlRoutesRequireALoopbackName() async throws {
        try await SMSGatewayEmulator.withServer(.init(accessKeys: [key()])) { emulator async throws in
            for (method, path) in [
                (HTTPMethod.GET, "clock"), (.POST, "clock"), (.GET, "faults"), (.PUT, "faults"), (.DELETE, "faults"),
                (.POST, "reset"),
            ] {
                let url = "\(emulator.baseURL)/api/v1/\(path)"
                let response = try await fetch(url, method: method, headers: ["host": "evil.example"])
                #expect(response.status == 421)
            }
        }
    }

    @Test func pageOfAnotherHostMayNotPost() async throws {
        try await SMSGatewayEmulator.withServer(.init(accessKeys: [key()])) { emulator async throws in
            #expect(try await SpoilableRequest(to: emulator).send(to: emulator).code == "OK")
            for origin in [
                "https://evil.example", "null", "http://127.0.0.1.evil.example", "http://localhost@evil.example",
            ] {
                let url = "\(emulator.baseURL)/api/v1/reset"
                #expect(try await fetch(url, method: .POST, headers: ["origin": origin]).status == 403)
            }
            #expect(await emulator.inbox.messages().count == 1)
            let own: HTTPHeaders = ["origin": emulator.baseURL]
            #expect(try await fetch("\(emulator.baseURL)/api/v1/reset", method: .POST, headers: own).status == 204)
        }
    }
}
