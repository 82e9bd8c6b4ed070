// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// Passes requests to a router, with a request ID and the trace ID of the caller in each log record.
struct RequestResponder: Sendable {
    private let router: RouterResponder<OTPRequestContext>
    private let logger: Logger
    private let observer: RequestObserver?

    /// Creates a responder.
    ///
    /// - Parameters:
    ///   - router: The router.
    ///   - logger: The logger of the server.
    ///   - observer: Records each request; `nil` for no records.
    init(_ router: Router<OTPRequestContext>, _ logger: Logger, _ observer: RequestObserver?) {
        self.router = router.buildResponder()
        self.logger = logger
        self.observer = observer
    }

    /// Returns the response to a request.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - channel: The channel of the connection.
    /// - Returns: The response of the router; a problem document if the router fails.
    func respond(to request: Request, on channel: any Channel) async -> Response {
        var logger = self.logger
        logger[metadataKey: "hb.request.id"] = .stringConvertible(RequestID())
        logger.addTrace(of: request)
        return await withLogger(logger) { logger in
            let context = OTPRequestContext(source: ApplicationRequestContextSource(channel: channel, logger: logger))
            guard let observer = self.observer else { return await self.route(request, context) }
            return await observer.observe(request, context) { await self.route(request, context) }
        }
    }

    @inline(__always)  // Avoids an asynchronous frame.
    private func route(_ request: Request, _ context: OTPRequestContext) async -> Response {
        do {
            return try await self.router.respond(to: request, context: context)
        } catch {
            return HTTPProblem(error, log: context.logger).response(from: request, context: context)
        }
    }
}

extension Logger {
    /// Adds the IDs in the header `traceparent` to the metadata.
    ///
    /// A malformed or repeated header is ignored. No other header is ever recorded.
    fileprivate mutating func addTrace(of request: Request) {
        let values = request.headers[values: TraceParent.header]
        guard values.count == 1, let parent = TraceParent(values[0]) else { return }
        // OpenTelemetry defines this name.
        self[metadataKey: "trace_id"] = .string(parent.traceID)
        self[metadataKey: "parent_span_id"] = .string(parent.spanID)
    }
}
