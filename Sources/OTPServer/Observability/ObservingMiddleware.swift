// SPDX-License-Identifier: Apache-2.0

import Dispatch
import HTTPTypes
import Hummingbird
import Logging

/// A middleware that measures, logs and traces each request, and converts errors to problem documents.
///
/// One middleware does all this, because each middleware costs about a microsecond per request. The path, the query, the header
/// fields and the body of a request are not recorded. The only exception is the header `traceparent`, whose IDs are added to
/// each log record of the request.
struct ObservingMiddleware: RouterMiddleware {
    typealias Context = OTPRequestContext

    private static let methods = [
        "POST", "GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT",
    ]

    private let timers = RequestTimers()
    private let hasTracer = RequestSpan.hasTracer

    func handle(
        _ input: Request,
        context: OTPRequestContext,
        next: @concurrent (Request, OTPRequestContext) async throws -> Response
    ) async throws -> Response {
        let start = DispatchTime.now().uptimeNanoseconds
        let method = Self.methods.contains(input.method.rawValue) ? input.method.rawValue : "other"
        let span = self.hasTracer ? RequestSpan(input.headers, method) : nil
        var context = context
        context.addTrace(of: input)
        let result: Result<Response, HTTPProblem>
        do {
            result = .success(try await Self.run(input, context, span, next))
        } catch {
            result = .failure(HTTPProblem(error, log: context.logger))
        }
        let status = Self.status(result)
        // For an unknown path, Hummingbird sets `endpointPath` to a name without a leading slash.
        let route = context.endpointPath.flatMap { $0.hasPrefix("/") ? $0 : nil }
        let nanoseconds = Int64(clamping: DispatchTime.now().uptimeNanoseconds &- start)
        span?.end(method, route, status)
        self.timers?.record(nanoseconds, method, route ?? "none", status)
        context.logger.info(
            "Request finished",
            metadata: [
                "http.request.method": "\(method)", "http.route": "\(route ?? "none")",
                "http.response.status_code": .stringConvertible(status),
                "http.duration": .stringConvertible(Double(nanoseconds / 1000) / 1e6),
            ]
        )
        return try result.get()
    }

    /// Runs the rest of the middleware chain inside the span, with the logger of the request.
    private static func run(
        _ request: Request,
        _ context: OTPRequestContext,
        _ span: RequestSpan?,
        _ next: @concurrent (Request, OTPRequestContext) async throws -> Response
    ) async throws -> Response {
        guard let span else { return try await Self.bound(request, context, next) }
        return try await span.run { try await Self.bound(request, context, next) }
    }

    private static func bound(
        _ request: Request,
        _ context: OTPRequestContext,
        _ next: @concurrent (Request, OTPRequestContext) async throws -> Response
    ) async throws -> Response {
        do {
            // Without a trace ID, the logger is unchanged, and the server has already bound it to the task.
            guard context.logger[metadataKey: OTPRequestContext.traceKey] != nil else {
                return try await next(request, context)
            }
            return try await withLogger(context.logger) { _ in try await next(request, context) }
        } catch {
            // The conversion logs unexpected errors, so it runs inside the span.
            throw HTTPProblem(error, log: context.logger)
        }
    }

    private static func status(_ result: Result<Response, HTTPProblem>) -> Int {
        switch result {
        case .success(let response): response.status.code
        case .failure(let problem): problem.code.status
        }
    }
}

extension OTPRequestContext {
    /// The key of the trace ID in log metadata, as defined by OpenTelemetry.
    static let traceKey = "trace_id"

    /// Adds the IDs in the header `traceparent` to the metadata of the logger.
    ///
    /// A malformed or repeated header is ignored.
    fileprivate mutating func addTrace(of request: Request) {
        let values = request.headers[values: TraceParent.header]
        guard values.count == 1, let parent = TraceParent(values[0]) else { return }
        self.logger[metadataKey: Self.traceKey] = .string(parent.traceID)
        self.logger[metadataKey: "parent_span_id"] = .string(parent.spanID)
    }
}
