// SPDX-License-Identifier: Apache-2.0

import OTPTesting
import SMSKit
import Synchronization
import Testing

/// Tests that run the examples of `Docs/Clients.md`.
@Suite(.timeLimit(.minutes(1))) struct ClientExampleTests {
    private static let key = TestServer.key.both.text

    /// An SMS client that also appends each code to a sequence.
    private struct Codes {
        let sms: RecordingSMSClient
        private let stream: AsyncStream<String>

        init() {
            let (stream, continuation) = AsyncStream.makeStream(of: String.self)
            self.stream = stream
            self.sms = RecordingSMSClient { message in
                if let code = message.text.firstMatch(of: /[0-9]{6}/)?.output { continuation.yield(String(code)) }
                return .accepted(SMSReceipt(messageID: "recorded"))
            }
        }

        /// Waits for a code.
        func next() async -> String? { await self.stream.first { _ in true } }
    }

    @Test(arguments: ClientExample.all) func exampleHasAtMost15Lines(_ example: ClientExample) throws {
        #expect(try example.code.split(separator: "\n", omittingEmptySubsequences: false).count <= 16)
    }

    @Test(arguments: ClientExample.all) func rightCodeSucceeds(_ example: ClientExample) async throws {
        let codes = Codes()
        try await TestServer.run(sms: codes.sms) { server in
            let run = try await example.run(url: server.url, key: Self.key) { await codes.next() }
            #expect(run.succeeded && run.output == "verified\n" && run.errors.isEmpty, "\(run)")
        }
    }

    @Test(arguments: ClientExample.all) func wrongCodeFails(_ example: ClientExample) async throws {
        let codes = Codes()
        try await TestServer.run(sms: codes.sms) { server in
            let run = try await example.run(url: server.url, key: Self.key) { await codes.next().map(wrong) }
            Self.expectFailure(run, codes.sms)
            #expect(codes.sms.messages.count == 1)
        }
    }

    @Test(arguments: ClientExample.all) func serviceThatEndsBeforeTheCheckFails(_ example: ClientExample) async throws {
        let codes = Codes()
        let (ends, continuation) = AsyncStream.makeStream(of: String?.self)
        let started = Mutex<(url: String, run: Task<ClientExample.Run, any Error>)?>(nil)
        let code = Mutex<String?>(nil)
        try await TestServer.run(sms: codes.sms) { server in
            let run = Task {
                try await example.run(url: server.url, key: Self.key) { await ends.first { _ in true } ?? nil }
            }
            started.withLock { $0 = (server.url, run) }
            let received = await codes.next()
            code.withLock { $0 = received }
        }
        // The program connects again only after the service has ended.
        continuation.yield(code.withLock { $0 })
        continuation.finish()
        let (url, first) = try #require(started.withLock { $0 })
        Self.expectFailure(try await first.value, codes.sms)
        let second = try await example.run(url: url, key: Self.key) { nil }
        Self.expectFailure(second, codes.sms)
    }

    @Test(arguments: ClientExample.all) func unauthorizedRequestFails(_ example: ClientExample) async throws {
        try await TestServer.run { server in
            let key = Self.key + "x"
            let run = try await example.run(url: server.url, key: key) { nil }
            Self.expectFailure(run, server.sms)
        }
    }

    /// A trailing line break is a common mistake in a file with a secret.
    @Test(arguments: ClientExample.all) func malformedKeyIsNotPrinted(_ example: ClientExample) async throws {
        try await TestServer.run { server in
            let run = try await example.run(url: server.url, key: Self.key + "\n") { nil }
            Self.expectFailure(run, server.sms)
        }
    }

    /// Only the status 200 means that the code is right; a redirect could lead to a page with this status.
    @Test(arguments: ClientExample.all) func everyOtherStatusFails(_ example: ClientExample) async throws {
        for status in [202, 302, 307, 500] {
            let code = "604817"
            let service = RedirectingService(status: status, secrets: [Self.key, code])
            try await service.run { url in
                let run = try await example.run(url: url, key: Self.key) { code }
                #expect(!run.succeeded && run.output.isEmpty, "\(status): \(run)")
                #expect(!run.errors.contains(Self.key) && !run.errors.contains(code), "\(status)")
            }
            #expect(service.paths == ["/v1/verifications", "/v1/verifications/check"], "\(status)")
            // Every user of the machine can read the arguments of all processes.
            #expect(!service.secretIsInArguments, "\(status)")
        }
    }

    private static func expectFailure(_ run: ClientExample.Run, _ sms: RecordingSMSClient) {
        #expect(!run.succeeded && run.output.isEmpty, "\(run)")
        #expect(!run.text.contains(Self.key.suffix(20)))
        for message in sms.messages {
            let code = message.text.firstMatch(of: /[0-9]{6}/).map { String($0.output) } ?? ""
            #expect(!code.isEmpty && !run.text.contains(code) && !run.text.contains(wrong(code)))
        }
    }
}
