// Mounts the routes of the HTTP service in an application.

// snippet.show
import Hummingbird
import OTP
import OTPServer
import SMSKit

/// Returns a router with a page of the application, and with the routes below `/auth`.
func makeRouter(_ otp: OTPService, apiKeys: String) throws -> Router<OTPRequestContext> {
    let router = Router(context: OTPRequestContext.self)
    router.get("/") { _, _ in "Hello" }
    let keys = try APIKeyRing(text: apiKeys)  // the entries that `otp api-key` prints
    OTPRoutes(otp: otp, keys: keys, idempotency: InMemoryIdempotencyStore()).add(to: router.group("auth"))
    return router
}
