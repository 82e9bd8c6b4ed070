import AsyncHTTPClient
import Foundation
import InMemoryLogging
import Logging
import SMS
import Testing

@testable import AlibabaSMS

/// Nothing that is printed, dumped or logged holds the number, the text, the code or a key.
@Suite struct RedactionTests {
    static let forbidden = [
        "6591234567", "91234567", "824719", "share it", Fixture.secret, "TokenOfTheTests",
        PercentEncoding.encode(Fixture.text), "%E4%BD%A0", "你好", "LTAI-test", "To=6", "Message=Y",
    ]

    static func expectClean(_ text: String, _ what: String, location: SourceLocation = #_sourceLocation) {
        for word in Self.forbidden where text.contains(word) {
            Issue.record("\(what) holds \(word)", sourceLocation: location)
        }
    }

    static func everyText(of value: Any) -> String {
        var dumped = ""
        dump(value, to: &dumped)
        return "\(value) \(String(reflecting: value)) \(dumped)"
    }

    /// A gateway that quotes everything back, in all fields that it has.
    static let echoes: [MisbehavingServer.Behaviour] = {
        let quote = "POST&6591234567 \(Fixture.text) \(Fixture.secret)".replacing("\"", with: "")
        let fields =
            #""Message":"\#(quote)","ResponseDescription":"\#(quote)","RequestId":"6591234567","HostId":"\#(quote)""#
        return [
            .answer(MisbehavingServer.http("400 Bad Request", #"{"Code":"SignatureDoesNotMatch",\#(fields)}"#)),
            .answer(MisbehavingServer.http("400 Bad Request", #"{"Code":"To=6591234567",\#(fields)}"#)),
            .answer(MisbehavingServer.http("400 Bad Request", #"{"Code":"\#(quote)",\#(fields)}"#)),
            .answer(MisbehavingServer.http("200 OK", #"{"ResponseCode":"SENT_6591234567",\#(fields)}"#)),
            .answer(MisbehavingServer.http("200 OK", #"{"ResponseCode":"OK","MessageId":"to 6591234567",\#(fields)}"#)),
            .answer(MisbehavingServer.http("500 Internal Server Error", quote)),
            .answer(MisbehavingServer.http("502 \(Fixture.secret)", quote)),
            .answerAndClose(quote),
            .closeAfterReading,
            .hangAfterReading,
        ]
    }()

    @Test(arguments: echoes)
    func noOutcomeAndNoLogHoldsASecret(behaviour: MisbehavingServer.Behaviour) async throws {
        let handler = InMemoryLogHandler()
        var logger = Logger(label: "test") { _ in handler }
        logger.logLevel = .trace
        let token = "TokenOfTheTests"
        try await MisbehavingServer.with([behaviour]) { server in
            try await withClient(server.url, credential: try Fixture.credential(token: token)) { client in
                let message = try Fixture.message()
                let outcome = await withLogger(logger) { _ in
                    await client.send(message, timeout: .milliseconds(700))
                }
                Self.expectClean(Self.everyText(of: outcome), "the outcome")
                if let error = outcome.error {
                    Self.expectClean(error.message, "the message")
                    Self.expectClean(error.localizedDescription, "the localized description")
                }
            }
        }
        #expect(!handler.entries.isEmpty)
        for entry in handler.entries { Self.expectClean("\(entry.message) \(entry.metadata)", "the log") }
    }

    @Test func noValueShowsWhatItHolds() throws {
        let credential = try Fixture.credential(token: "TokenOfTheTests")
        let request = SendMessageToGlobe(to: try Fixture.number(), message: Fixture.text)
        let body = #"{"ResponseCode":"OK","To":"6591234567","ResponseDescription":"6591234567 824719"}"#
        let answer = SendMessageToGlobe.Answer(try #require(AnswerFields(json: Array(body.utf8))))
        let environment = EnvironmentCredentialProvider(environment: [
            "ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAI-test", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": Fixture.secret,
        ])
        let values: [Any] = [
            credential, request, request.parameters, answer, environment, StaticCredentialProvider(credential),
            RequestSigner(credential: credential), try Fixture.message(),
            RequestSigner.Request(host: "h", action: "a", query: request.parameters),
            AlibabaSMSOutcome.accepted(answer),
        ]
        for value in values { Self.expectClean(Self.everyText(of: value), "\(type(of: value))") }
    }
}
