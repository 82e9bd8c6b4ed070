// SPDX-License-Identifier: Apache-2.0

#if Tracing
    import Tracing
#endif

/// The client span of one HTTP exchange with the gateway.
///
/// A span is created if the package trait `Tracing` is enabled and a tracer is bootstrapped.
///
/// The attributes follow OpenTelemetry's conventions for HTTP clients. The URL is omitted, because it contains the phone number
/// and the text. If the exchange fails, the span records the error code, but not the error message. The trace context is not
/// sent to the gateway.
struct ExchangeSpan {
    #if Tracing
        private let span: any Tracing.Span

        /// Starts a span.
        ///
        /// - Parameters:
        ///   - action: The name of the action.
        ///   - endpoint: The gateway.
        ///   - resendCount: The number of earlier requests in the same call.
        init(of action: String, to endpoint: Endpoint, resendCount: Int) {
            self.span = InstrumentationSystem.tracer.startAnySpan("POST", ofKind: .client)
            self.span.attributes["http.request.method"] = "POST"
            self.span.attributes["server.address"] = endpoint.address
            self.span.attributes["server.port"] = endpoint.port
            self.span.attributes["sms.action"] = action
            if resendCount > 0 { self.span.attributes["http.request.resend_count"] = resendCount }
        }

        /// Ends the span with the outcome of the exchange.
        func end<Response>(with outcome: RequestOutcome<Response>) {
            if let status = outcome.httpStatus { self.span.attributes["http.response.status_code"] = status }
            if let id = outcome.requestID { self.span.attributes["sms.request.id"] = id }
            if let error = outcome.error {
                self.span.attributes["error.type"] = error.code.label
                self.span.setStatus(.init(code: .error))
            }
            self.span.end()
        }
    #else
        init(of action: String, to endpoint: Endpoint, resendCount: Int) {}

        func end<Response>(with outcome: RequestOutcome<Response>) {}
    #endif
}
