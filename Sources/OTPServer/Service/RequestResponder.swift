// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import TextFormats

/// Passes requests to a router, with a request ID in each log record.
struct RequestResponder: Sendable {
    private let router: RouterResponder<OTPRequestContext>
    private let logger: Logger
    private let date = DateHeader()

    init(_ router: Router<OTPRequestContext>, _ logger: Logger) {
        self.router = router.buildResponder()
        self.logger = logger
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
        return await withLogger(logger) { logger in
            let context = OTPRequestContext(source: ApplicationRequestContextSource(channel: channel, logger: logger))
            var response: Response
            do {
                response = try await self.router.respond(to: request, context: context)
            } catch {
                response = HTTPProblem(error, log: logger).response(from: request, context: context)
            }
            // The routes never set this header, so an index of the fields is not necessary.
            response.headers.append(HTTPField(name: .date, value: self.date.value))
            return response
        }
    }
}
