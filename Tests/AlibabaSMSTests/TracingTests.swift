// SPDX-License-Identifier: Apache-2.0

#if Tracing
    import AlibabaSMSEmulator
    import InMemoryTracing
    import Testing
    import Tracing

    @testable import AlibabaSMS

    /// Tests of the spans of HTTP requests to the gateway.
    @Suite struct TracingTests {
        /// Sends a message to a gateway with faults, and returns the spans of the call.
        private static func spans(
            _ faults: [FaultRule],
            configure: @Sendable (inout AlibabaSMSConfiguration) -> Void = { _ in }
        ) async throws -> (spans: [FinishedInMemorySpan], result: AlibabaSMSResult<SendMessageResponse>, port: Int) {
            let tracer = InMemoryTracer()
            let action = SendMessageToGlobe(to: try Fixture.number(), message: Fixture.text)
            return try await SMSGatewayEmulator.withServer(.init(accessKeys: [Fixture.credential()])) { emulator in
                emulator.setFaults(faults)
                let result = try await withClient(emulator.baseURL, configure: configure) { client in
                    await withTracer(tracer) { await client.perform(action, timeout: .seconds(20)) }
                }
                #expect(tracer.activeSpans.isEmpty)
                return (tracer.finishedSpans, result, emulator.port)
            }
        }

        private static func attributes(_ span: FinishedInMemorySpan) -> [String: String] {
            var attributes: [String: String] = [:]
            span.attributes.forEach { key, value in
                switch value {
                case .string(let text): attributes[key] = text
                case .int32(let number): attributes[key] = "\(number)"
                case .int64(let number): attributes[key] = "\(number)"
                default: attributes[key] = "another type"
                }
            }
            return attributes
        }

        @Test func acceptedMessageHasOneClientSpan() async throws {
            let (spans, result, port) = try await Self.spans([])
            let span = try #require(spans.first)
            #expect(spans.count == 1)
            #expect(span.operationName == "POST")
            #expect(span.kind == .client)
            #expect(span.status == nil)
            #expect(
                Self.attributes(span) == [
                    "http.request.method": "POST", "server.address": "127.0.0.1", "server.port": "\(port)",
                    "http.response.status_code": "200", "sms.action": "SendMessageToGlobe",
                    "sms.request.id": try #require(result.response?.header.requestID),
                ]
            )
        }

        @Test func retryHasASpanOfItsOwn() async throws {
            let throttled = FaultRule(.reject(code: "Throttling.User", status: 400), count: 1)
            let (spans, result, _) = try await Self.spans([throttled]) { $0.initialBackOff = .milliseconds(1) }
            let attributes = spans.map(Self.attributes)
            #expect(attributes.map { $0["error.type"] } == ["Throttling.User", nil])
            #expect(attributes.map { $0["http.response.status_code"] } == ["400", "200"])
            #expect(attributes.map { $0["http.request.resend_count"] } == [nil, "1"])
            #expect(attributes.map { $0["sms.request.id"] } == result.requests.map(\.requestID))
            #expect(spans.map { $0.status?.code } == [.error, nil])
        }

        @Test(
            arguments: [
                (.reject(code: "MOBILE_NUMBER_ILLEGAL"), "MOBILE_NUMBER_ILLEGAL", "200"),
                (.reject(code: "SomethingNew", status: 403), "other", "403"),
                (.http(status: 502), "other", "502"), (.garbage(), "unreadableResponse", "200"),
                (.acceptThenClose, "connectionLost", nil), (.hang(), "timeout", nil),
            ] as [(Fault, String, String?)]
        )
        func failureIsRecordedByItsCode(fault: Fault, type: String, status: String?) async throws {
            let (spans, _, _) = try await Self.spans([FaultRule(fault)]) {
                $0.maximumRequests = 1
                if fault == .hang() { $0.readTimeout = .milliseconds(100) }
            }
            let span = try #require(spans.first)
            #expect(Self.attributes(span)["error.type"] == type)
            #expect(Self.attributes(span)["http.response.status_code"] == status)
            #expect(span.status?.code == .error)
            #expect(span.errors.isEmpty && span.events.isEmpty)
        }

        @Test func requestToTheGatewayContainsNoTraceContext() async throws {
            let tracer = InMemoryTracer()
            let action = SendMessageToGlobe(to: try Fixture.number(), message: Fixture.text)
            let ok = MisbehavingServer.http("200 OK", #"{"ResponseCode":"OK","MessageId":"1"}"#)
            try await MisbehavingServer.with([.respond(ok)]) { server in
                // The tracer exists when the client is created, as in an application.
                try await withTracer(tracer) {
                    try await withClient(server.url) { client in
                        await tracer.withSpan("caller") { _ in
                            _ = await client.perform(action, timeout: .seconds(20))
                        }
                    }
                }
                let head = try #require(server.requestHeads.first).lowercased()
                #expect(server.requestCount == 1)
                for name in [
                    "traceparent", "tracestate", "baggage", InMemoryTracer.traceIDKey, InMemoryTracer.spanIDKey,
                ] {
                    #expect(!head.contains("\(name):"), "\(name)")
                }
            }
        }

        @Test func rejectionBeforeTheRequestHasNoSpan() async throws {
            let tracer = InMemoryTracer()
            let empty = SendMessageToGlobe(to: try Fixture.number(), message: " ")
            try await withClient("https://gateway.example") { client in
                _ = await withTracer(tracer) { await client.perform(empty, timeout: .seconds(20)) }
            }
            #expect(tracer.finishedSpans.isEmpty)
        }
    }
#endif
