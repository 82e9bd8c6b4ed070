// SPDX-License-Identifier: Apache-2.0

import InMemoryLogging
import Logging
import NIOHTTP1
import Synchronization
import Testing

@testable import OTPServer

#if Tracing
    import InMemoryTracing
    import Tracing
#endif

/// Tests of the log records, the trace IDs and the spans of requests.
@Suite(.timeLimit(.minutes(2))) struct ObservingTests {
    private static let traceID = "0af7651916cd43dd8448eb211c80319c"
    private static let parent = ("traceparent", "00-\(traceID)-b7ad6b7169203331-01")

    /// Returns the log records of requests.
    private static func entries(
        _ level: Logger.Level = .debug,
        _ requests: (TestServer) async throws -> Void
    ) async throws -> [InMemoryLogHandler.Entry] {
        let handler = InMemoryLogHandler()
        var logger = Logger(label: "test") { _ in handler }
        logger.logLevel = level
        try await TestServer.run(logger: logger, requests)
        return handler.entries
    }

    @Test func eachRequestHasOneRecordWithTheTemplateOfItsRoute() async throws {
        let entries = try await Self.entries { server async throws in
            _ = try await server.issue()
            _ = try await server.send(.GET, "/v1/verifications/91234567?number=91234567")
            _ = try await server.send(.DELETE, "/v1/verifications/check")
            _ = try await server.send(.PURGE, "/livez")
        }
        let access = entries.filter { $0.message == "Request finished" }
        #expect(
            access.map { "\($0.metadata["http.request.method"] ?? "") \($0.metadata["http.route"] ?? "")" } == [
                "POST /v1/verifications", "GET none", "DELETE /v1/verifications/check", "other /livez",
            ]
        )
        #expect(access.map { "\($0.metadata["http.response.status_code"] ?? "")" } == ["201", "404", "405", "405"])
        #expect(access.allSatisfy { $0.level == .info && $0.metadata["http.duration"] != nil })
    }

    @Test func eachRecordOfARequestHasItsRequestAndTraceID() async throws {
        let entries = try await Self.entries { server async throws in
            let body = #"{"number":"\#(TestServer.number)","purpose":"sign-in"}"#
            _ = try await server.post("issue", body, [Self.parent])
        }
        let ofRequest = entries.filter { $0.metadata["hb.request.id"] != nil }
        let messages = ofRequest.map { "\($0.message)" }
        #expect(messages.contains("Code sent") && messages.contains("otp.issue") && messages.last == "Request finished")
        #expect(Set(ofRequest.compactMap { $0.metadata["hb.request.id"]?.description }).count == 1)
        #expect(ofRequest.allSatisfy { $0.metadata["trace_id"] == .string(Self.traceID) })
        #expect(ofRequest.allSatisfy { $0.metadata["parent_span_id"] == "b7ad6b7169203331" })
    }

    @Test func malformedOrRepeatedTraceParentIsIgnored() async throws {
        let entries = try await Self.entries { server async throws in
            _ = try await server.send(.GET, "/livez", [("traceparent", "00-+6591234567-b7ad6b7169203331-01")])
            _ = try await server.send(.GET, "/livez", [Self.parent, Self.parent])
        }
        #expect(entries.filter { $0.message == "Request finished" }.count == 2)
        #expect(entries.allSatisfy { $0.metadata["trace_id"] == nil })
    }

    @Test func recordsBelowTheLevelAreNotBuilt() async throws {
        let entries = try await Self.entries(.notice) { server async throws in _ = try await server.issue() }
        #expect(entries.allSatisfy { $0.metadata["hb.request.id"] == nil })
    }

    @Test(arguments: [
        ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", true),
        ("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-future", true),
        ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x", false),
        ("ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", false),
        ("00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01", false),
        ("00-00000000000000000000000000000000-b7ad6b7169203331-01", false),
        ("00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01", false),
        ("00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01", false),
        ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331", false),
        ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0g", false),
        ("", false), ("-", false), ("00---", false),
    ])
    func traceParentIsParsedAsTheStandardRequires(text: String, isValid: Bool) {
        #expect((TraceParent(text) != nil) == isValid)
    }

    @Test func traceParentOfAnUnknownVersionIsBounded() {
        let text = "cc-\(Self.traceID)-b7ad6b7169203331-01-" + String(repeating: "x", count: 10_000)
        #expect(TraceParent(text) == nil)
    }

    #if Tracing
        @Test func requestHasAServerSpanAroundTheSpansOfItsCalls() async throws {
            let tracer = InMemoryTracer()
            try await withTracer(tracer) {
                try await TestServer.run { server async throws in
                    _ = try await server.issue()
                    _ = try await server.send(.GET, "/91234567")
                }
            }
            let spans = tracer.finishedSpans
            let request = try #require(spans.first { $0.operationName == "POST /v1/verifications" })
            let call = try #require(spans.first { $0.operationName == "otp.issue" })
            #expect(call.parentSpanID == request.spanID && request.kind == .server)
            #expect(spans.contains { $0.operationName == "GET" })
            var text = ""
            for span in spans { span.attributes.forEach { text += "\($0)=\($1) " } }
            #expect(!text.contains("91234567") && text.contains("http.route") && tracer.activeSpans.isEmpty)
        }

        @Test func spanContinuesTheTraceOfTheCaller() async throws {
            let tracer = InMemoryTracer()
            try await withTracer(tracer) {
                try await TestServer.run { server async throws in
                    let headers = [
                        (InMemoryTracer.traceIDKey, "callers-trace"), (InMemoryTracer.spanIDKey, "callers-span"),
                    ]
                    _ = try await server.send(.GET, "/livez", headers)
                }
            }
            let span = try #require(tracer.finishedSpans.first { $0.operationName == "GET /livez" })
            #expect(span.traceID == "callers-trace" && span.parentSpanID == "callers-span")
        }
    #endif
}
