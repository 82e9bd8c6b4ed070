// Verifies a captcha before a message is sent.

import Crypto
// snippet.show
import SMSKit
import SendGuard
import SiteVerify

func makeVerifier(secret: String, key: SymmetricKey) throws -> HumanCheckVerifier {
    let hash = ScopeHash { Array(HMAC<SHA256>.authenticationCode(for: $0, using: key)) }
    let configuration = SiteVerifyConfiguration(.turnstile, secret: secret, hostnames: ["example.com"])
    return HumanCheckVerifier(try SiteVerifyCheck(configuration, hash: hash), hash: hash)
}

func decide(
    _ request: SendRequest,
    response: String?,
    sendGuard: SMSGuard,
    verifier: HumanCheckVerifier
) async throws -> GuardDecision {
    var request = request
    if let response, await verifier.verify(response, of: request) == .passed {
        request.signals.insert(.humanCheckPassed)
    }
    return try await sendGuard.reserve(request)
}
