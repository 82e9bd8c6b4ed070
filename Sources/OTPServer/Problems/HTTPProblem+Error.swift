// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import Logging
import OTP

extension HTTPProblem {
    /// Converts an error of any type to a problem, and logs an unexpected error.
    ///
    /// The log record contains only the type of the error, because the description of the error may contain a secret.
    init(_ error: any Error, log logger: Logger) {
        switch error {
        case let problem as HTTPProblem: self = problem
        case let error as OTPError: self.init(error)
        case let error as any HTTPResponseError: self.init(status: error.status)
        default:
            logger.error("Request failed", metadata: ["error.type": "\(type(of: error))"])
            self.init(.internalError)
        }
    }

    /// Creates the problem for an error that Hummingbird threw with an HTTP status.
    private init(status: HTTPResponse.Status) {
        switch status {
        case .notFound: self.init(.notFound)
        case .methodNotAllowed: self.init(.methodNotAllowed)
        case .contentTooLarge: self.init(.contentTooLarge)
        case .unsupportedMediaType: self.init(.unsupportedMediaType)
        case .unauthorized: self.init(.unauthorized)
        case .forbidden: self.init(.forbidden)
        case .serviceUnavailable: self.init(.unavailable)
        case _ where status.kind == .clientError: self.init(.invalidRequest)
        default: self.init(.internalError)
        }
    }
}
