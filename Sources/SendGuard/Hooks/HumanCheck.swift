// SPDX-License-Identifier: Apache-2.0

/// Verifies the response of a human check, such as a captcha.
///
/// An implementation must:
/// - return ``HumanCheckResult/passed`` only if its provider confirms this response,
/// - return a failure if the provider reports that the user solved the check for another number, tenant or purpose than those
///   of the request, and
/// - throw if the provider does not reply, or if its HTTP response is unreadable.
///
/// ``HumanCheckVerifier`` adds a timeout, and accepts each response only once. To test an implementation, use
/// `HumanCheckConformance` from the module `SendGuardTesting`.
public protocol HumanCheck: Sendable {
    /// The maximum lifetime of a response after the user has solved the check; by default 10 minutes.
    var responseLifetime: Duration { get }

    /// Verifies a response.
    ///
    /// - Parameters:
    ///   - response: The text that the client received from the provider, 1 to 8,192 bytes of visible ASCII characters.
    ///   - request: The message that the client requests. The result must not depend on ``SendRequest/signals``.
    /// - Returns: ``HumanCheckResult/passed`` if the provider confirms the response for this request; otherwise the failure.
    /// - Throws: An error if the provider made no decision. The human check then counts as not passed.
    func verify(_ response: String, of request: SendRequest) async throws -> HumanCheckResult
}

extension HumanCheck {
    /// The default of 10 minutes.
    ///
    /// The responses of most providers expire within this time.
    public var responseLifetime: Duration { .seconds(600) }
}
