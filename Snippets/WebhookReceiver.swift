// Verifies a received webhook, and returns the status of the response.

// snippet.show
import Webhooks

func receive(
    _ body: [UInt8],
    header: (String) -> String,
    _ verifier: WebhookVerifier,
    process: ([UInt8]) async throws -> Void
) async -> Int {
    let id = header("webhook-id")
    do throws(WebhookError) {
        try verifier.verify(
            body,
            id: id,
            timestamp: header("webhook-timestamp"),
            signature: header("webhook-signature")
        )
    } catch {
        // The sender did not receive the response to the first attempt.
        return error.code == .replayed ? 204 : 400
    }
    do {
        try await process(body)
        return 204
    } catch {
        verifier.forget(id)  // so that the next attempt is accepted
        return 503
    }
}
