// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Testing

@testable import AlibabaSMSEmulator

/// Tests of the records of incomplete and malformed responses.
@Suite struct RequestRecorderTests {
    private struct Cut: Error {}

    /// A writer that accepts a limited number of bytes, and then fails.
    private struct Writer: ResponseBodyWriter {
        var space: Int

        mutating func write(_ buffer: ByteBuffer) async throws {
            self.space -= buffer.readableBytes
            if self.space < 0 { throw Cut() }
        }

        consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
    }

    private let log = RequestLog(capacity: 10)

    private func respond(
        _ body: ResponseBody,
        space: Int = .max,
        meanwhile: () -> Void = {}
    ) async throws {
        let recorder = RequestRecorder(log: self.log, accessKeys: AccessKeys(), now: { .now })
        let head = HTTPRequest(method: .post, scheme: "http", authority: "127.0.0.1", path: "/?To=1")
        let request = Request(head: head, body: RequestBody(buffer: ByteBuffer()))
        let response = try await recorder.respond(to: request) { _, _ in
            meanwhile()
            return Response(status: .ok, body: body)
        }
        #expect(response.body.contentLength == body.contentLength)
        try await response.body.write(Writer(space: space))
    }

    @Test func aResponseInSeveralChunksIsParsedAsAWhole() async throws {
        try await self.respond(
            ResponseBody { writer in
                for piece in ["{\"Code\":", "\"Throttling.User\"}"] {
                    try await writer.write(ByteBuffer(string: piece))
                }
                try await writer.finish(nil)
            }
        )
        let record = try #require(self.log.records().first)
        #expect(record.code == "Throttling.User" && record.outcome == .rejected && record.status == 200)
    }

    @Test func aRequestIsRecordedBeforeItsResponse() async throws {
        try await self.respond(ResponseBody(byteBuffer: ByteBuffer(string: "{}"))) {
            #expect(self.log.records().first?.outcome == .pending)
        }
        #expect(self.log.records().first?.outcome == .rejected)
    }

    @Test func aTruncatedResponseIsRecordedAsUnanswered() async throws {
        await #expect(throws: Cut.self) {
            try await self.respond(ResponseBody { _ in throw Cut() })
        }
        let record = try #require(self.log.records().first)
        #expect(record.outcome == .noResponse && record.status == nil && record.code == nil)
        #expect(record.milliseconds != nil)
    }

    @Test func anErrorOfTheGatewayIsRecordedAsUnanswered() async throws {
        let recorder = RequestRecorder(log: self.log, accessKeys: AccessKeys(), now: { .now })
        let head = HTTPRequest(method: .post, scheme: "http", authority: "127.0.0.1", path: "/")
        await #expect(throws: Cut.self) {
            _ = try await recorder.respond(to: Request(head: head, body: RequestBody(buffer: ByteBuffer()))) { _, _ in
                throw Cut()
            }
        }
        #expect(self.log.records().first?.outcome == .noResponse)
    }

    @Test func aResponseThatIsNotJSONHasNoCode() async throws {
        try await self.respond(ResponseBody(byteBuffer: ByteBuffer(string: "<html>\u{0}")))
        let record = try #require(self.log.records().first)
        #expect(record.code == nil && record.outcome == .rejected && record.status == 200)
    }
}
