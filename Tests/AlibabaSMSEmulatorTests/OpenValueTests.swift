// SPDX-License-Identifier: Apache-2.0

import AlibabaSMSEmulator
import Foundation
import Testing

/// Tests that unknown values remain unchanged in JSON, so that an old client can use a newer emulator.
@Suite struct OpenValueTests {
    /// Checks that a value with an unknown name keeps its name in JSON.
    private static func expectKept<Value>(_ type: Value.Type) throws
    where Value: Codable & RawRepresentable & Equatable & CustomStringConvertible, Value.RawValue == String {
        for name in ["ofALaterVersion", "", "größer 😀"] {
            let json = try JSONEncoder().encode([name])
            let values = try JSONDecoder().decode([Value].self, from: json)
            #expect(values.map(\.rawValue) == [name])
            #expect(values.map(\.description) == [name])
            #expect(values.first == Value(rawValue: name))
            #expect(try JSONDecoder().decode([String].self, from: JSONEncoder().encode(values)) == [name])
        }
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([Value].self, from: Data("[1]".utf8)) }
    }

    @Test func namesOfLaterVersionsAreKept() throws {
        try Self.expectKept(InboxMessage.Status.self)
        try Self.expectKept(InboxMessage.Event.Kind.self)
        try Self.expectKept(InboxMessage.CodeRule.self)
        try Self.expectKept(RequestRecord.Outcome.self)
        try Self.expectKept(SignatureMistake.self)
    }

    @Test func unknownStatusIsNotFinal() {
        #expect(!InboxMessage.Status(rawValue: "ofALaterVersion").isFinal)
    }

    @Test func unknownMistakeIsExplainedByItsName() {
        let mistake = SignatureMistake(rawValue: "ofALaterVersion")
        #expect(mistake.summary == "ofALaterVersion")
        #expect(!SignatureMistake.known.contains(mistake))
    }

    private static func decoded<Value: Codable>(_ value: Value) throws -> Value {
        try JSONDecoder().decode(Value.self, from: JSONEncoder().encode(value))
    }

    @Test func messageKeepsUnknownValues() throws {
        var message = InboxMessage(
            messageID: "100",
            requestID: "R",
            to: "+6591234567",
            text: "Your code is 123456",
            receivedAt: Date(timeIntervalSince1970: 1_800_000_000),
            encoding: "gsm7",
            segments: 1,
            codeRule: .init(rawValue: "spoken")
        )
        message.status = .init(rawValue: "paused")
        message.timeline.append(.init(.init(rawValue: "rerouted"), at: message.receivedAt))
        #expect(try Self.decoded(message) == message)
    }

    @Test func requestKeepsUnknownValues() throws {
        var request = RequestRecord(requestID: "R", receivedAt: Date(timeIntervalSince1970: 0), method: "POST")
        request.outcome = .init(rawValue: "queued")
        request.signature = SignatureDiagnosis(
            algorithm: "ACS4",
            matches: false,
            receivedSignature: "00",
            findings: [.init(.init(rawValue: "quantum"))]
        )
        #expect(try Self.decoded(request) == request)
    }

    @Test(arguments: [#"{"kind":"teleport"}"#, #"{"kind":""}"#, #"{"kind":"slow","by":"3s","with":"style"}"#])
    func unknownFaultIsRejectedWithItsPath(json: String) {
        let text = #"{"rules":[{"fault":\#(json)}]}"#
        let error = #expect(throws: FaultSettings.InvalidJSON.self) { try FaultSettings(json: text.utf8) }
        #expect(error?.description.hasPrefix("rules[0].fault.") == true, "\(error?.description ?? "")")
    }
}
