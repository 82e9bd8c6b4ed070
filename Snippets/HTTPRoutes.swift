// Mounts the routes of the HTTP service in an application.

// snippet.show
import Hummingbird
import OTP
import OTPServer
import SMSKit

/// Returns a router with a page of the application, and with the routes below `/auth`.
func makeRouter(_ routes: OTPRoutes) -> Router<OTPRequestContext> {
    let router = Router(context: OTPRequestContext.self)
    router.get("/") { _, _ in "Hello" }
    routes.add(to: router.group("auth"))
    return router
}

/// Returns the routes for the API keys whose entries `otp api-key` prints.
func makeRoutes(_ otp: OTPService, apiKeys: String) throws -> OTPRoutes {
    OTPRoutes(otp: otp, keys: try APIKeyRing(text: apiKeys), idempotency: InMemoryIdempotencyStore())
}
