// SPDX-License-Identifier: Apache-2.0

import Dispatch
import HTTPTypes
import Hummingbird
import Logging

/// Measures, logs and traces each request.
///
/// The path, the query, the header fields and the body of a request are not recorded.
///
/// The observer is not a middleware, because the chain of middlewares costs about 2 % of the time of a request.
struct RequestObserver: Sendable {
    private static let methods = [
        "POST", "GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT",
    ]

    private let timers = RequestTimers()
    private let hasTracer = RequestSpan.hasTracer

    /// Runs the closure that responds to a request, and records its duration, its route and its status.
    @inline(__always)  // Avoids an asynchronous frame.
    func observe(_ request: Request, _ context: OTPRequestContext, _ body: () async -> Response) async -> Response {
        let start = DispatchTime.now().uptimeNanoseconds
        let method = Self.methods.contains(request.method.rawValue) ? request.method.rawValue : "other"
        let response: Response
        if self.hasTracer {
            let span = RequestSpan(request.headers, method)
            response = await span.run(body)
            span.end(method, context.route, response.status.code)
        } else {
            response = await body()
        }
        let nanoseconds = Int64(clamping: DispatchTime.now().uptimeNanoseconds &- start)
        self.record(nanoseconds, method, response.status.code, context)
        return response
    }

    private func record(_ nanoseconds: Int64, _ method: String, _ status: Int, _ context: OTPRequestContext) {
        self.timers?.record(nanoseconds, method, context.route ?? "none", status)
        context.logger.info(
            "Request finished",
            metadata: [
                "http.request.method": "\(method)", "http.route": "\(context.route ?? "none")",
                "http.response.status_code": .stringConvertible(status),
                "http.duration": .stringConvertible(Double(nanoseconds / 1000) / 1e6),
            ]
        )
    }
}

extension OTPRequestContext {
    /// The template of the route; `nil` if no route has the path of the request.
    fileprivate var route: String? {
        // For an unknown path, Hummingbird sets `endpointPath` to a name without a leading slash.
        self.endpointPath.flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
}
