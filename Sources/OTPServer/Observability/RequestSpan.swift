// SPDX-License-Identifier: Apache-2.0

import HTTPTypes

#if Tracing
    import Tracing
#endif

/// The server span of a request.
///
/// Spans need the package trait `Tracing` and a tracer that the application has bootstrapped. The attributes follow
/// OpenTelemetry's conventions for HTTP servers. The path, the query and the header fields are omitted, because a client can
/// put any text into them.
struct RequestSpan {
    #if Tracing
        private let span: any Tracing.Span

        /// Whether a tracer is bootstrapped.
        ///
        /// The observer reads this value only once, when the server starts.
        static var hasTracer: Bool { !(InstrumentationSystem.tracer is NoOpTracer) }

        /// Starts a span as a child of the caller's span.
        ///
        /// - Parameters:
        ///   - headers: The header fields of the request, which identify the caller's span.
        ///   - method: The method.
        init(_ headers: HTTPFields, _ method: String) {
            let tracer = InstrumentationSystem.tracer
            var context = InstrumentationContext.current ?? .topLevel
            tracer.extract(headers, into: &context, using: HeaderExtractor())
            self.span = tracer.startAnySpan("HTTP request", context: context, ofKind: .server)
            self.span.attributes["http.request.method"] = method
        }

        /// Runs a closure, whose spans become children of this span.
        func run<Result>(_ body: () async -> Result) async -> Result {
            await InstrumentationContext.$current.withValue(self.span.context) { await body() }
        }

        /// Ends the span.
        ///
        /// - Parameters:
        ///   - method: The method.
        ///   - route: The template of the route; `nil` if no route has the path of the request.
        ///   - status: The status of the response.
        func end(_ method: String, _ route: String?, _ status: Int) {
            self.span.operationName = route.map { "\(method) \($0)" } ?? method
            self.span.attributes["http.route"] = route
            self.span.attributes["http.response.status_code"] = status
            if status >= 500 {
                self.span.attributes["error.type"] = "\(status)"
                self.span.setStatus(.init(code: .error))
            }
            self.span.end()
        }
    #else
        static var hasTracer: Bool { false }

        init(_ headers: HTTPFields, _ method: String) {}

        func run<Result>(_ body: () async -> Result) async -> Result { await body() }

        func end(_ method: String, _ route: String?, _ status: Int) {}
    #endif
}

#if Tracing
    /// Reads the header fields that a tracer requests.
    private struct HeaderExtractor: Extractor {
        func extract(key: String, from headers: HTTPFields) -> String? { headers.values(key).first }
    }
#endif
