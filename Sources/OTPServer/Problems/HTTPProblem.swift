// SPDX-License-Identifier: Apache-2.0

public import HTTPTypes
public import Hummingbird
import JSONOutput

/// The error of an HTTP request, as a problem document (RFC 9457).
///
/// Hummingbird converts the error to a response with the media type `application/problem+json`. The document never contains a
/// code, a phone number, a token, an API key or the name of a guard rule.
///
/// ```json
/// {"type":"urn:swift-otp:problem:incorrect-code","title":"The code is wrong","status":422,
///  "detail":"Ask the user again.","attemptsRemaining":4}
/// ```
public struct HTTPProblem: HTTPResponseError, Hashable, CustomStringConvertible {
    /// The kind of the problem, which determines its type, its title and its status.
    public let code: Code

    /// The explanation for the developer of the client.
    public var detail: String

    /// The seconds after which a retry can succeed; `nil` if waiting does not help.
    public var retryAfter: Int?

    /// The number of remaining attempts; `nil` unless the code of the problem is ``Code/incorrectCode``.
    public var attemptsRemaining: Int?

    /// The methods that the path supports, for the header `Allow`.
    var allowedMethods: [String] = []

    /// Creates a problem.
    ///
    /// - Parameters:
    ///   - code: The kind of the problem.
    ///   - detail: The explanation; `nil` for the default explanation of this kind.
    ///   - retryAfter: The seconds after which a retry can succeed; `nil` for the default of this kind.
    public init(_ code: Code, _ detail: String? = nil, retryAfter: Int? = nil) {
        self.code = code
        self.detail = detail ?? code.detail
        self.retryAfter = retryAfter ?? code.defaultRetryAfter
    }

    /// The status of the response.
    public var status: HTTPResponse.Status { .init(code: self.code.status) }

    /// The kind of the problem and the explanation.
    public var description: String { "\(self.code): \(self.detail)" }

    /// Creates the response.
    ///
    /// - Parameters:
    ///   - request: The request. The response to a `HEAD` request has no body.
    ///   - context: The context of the request.
    /// - Returns: The response, which must not be cached.
    public func response(from request: Request, context: some RequestContext) -> Response {
        let response = Response(self.status, self.document, mediaType: Self.mediaType, headers: self.headers)
        return request.method == .head ? response.createHeadResponse() : response
    }

    /// The media type of problem documents.
    static let mediaType = "application/problem+json"

    /// The problem document.
    var document: JSONText {
        var members: [(name: String, value: JSONText)] = [
            ("type", .string(self.code.type)), ("title", .string(self.code.title)),
            ("status", .int(self.code.status)), ("detail", .string(self.detail)),
        ]
        if let seconds = self.retryAfter { members.append(("retryAfter", .int(seconds))) }
        if let attempts = self.attemptsRemaining { members.append(("attemptsRemaining", .int(attempts))) }
        return .object(members)
    }

    private var headers: HTTPFields {
        var headers = HTTPFields()
        if let seconds = self.retryAfter { headers[.retryAfter] = String(seconds) }
        if self.code == .unauthorized { headers[.wwwAuthenticate] = #"Bearer realm="otp""# }
        if !self.allowedMethods.isEmpty { headers[.allow] = self.allowedMethods.joined(separator: ", ") }
        return headers
    }
}
