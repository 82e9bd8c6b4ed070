// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
public import Hummingbird

/// A middleware that converts all errors of a router to problem documents.
///
/// ``OTPRoutes`` needs no middleware, because its routes respond to every error with a problem document. Use the middleware to
/// convert the errors of other routes and of the router, such as 404.
public struct ProblemMiddleware<Context: RequestContext>: RouterMiddleware {
    /// Creates a middleware.
    public init() {}

    /// Handles a request, and converts each error to a problem document.
    ///
    /// - Parameters:
    ///   - input: The request.
    ///   - context: The context of the request.
    ///   - next: The rest of the middleware chain.
    /// - Returns: The response of the rest of the chain.
    /// - Throws: ``HTTPProblem``.
    public func handle(
        _ input: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(input, context)
        } catch {
            throw HTTPProblem(error, log: context.logger)
        }
    }
}
