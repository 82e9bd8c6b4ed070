// Verifies a received webhook, stores its event durably within 10 seconds, and returns the status of the response.

// snippet.show
import Webhooks

func receive(
    _ body: [UInt8],
    header: (String) -> String,
    _ verifier: WebhookVerifier,
    store: ([UInt8]) async throws -> Void
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
        switch error.code {
        case .replayed: return 204  // the sender did not receive the response to an earlier attempt
        case .inProgress: return 503  // the earlier attempt can still fail
        default: return 400
        }
    }
    do {
        try await store(body)
        verifier.complete(id)
        return 204
    } catch {
        verifier.forget(id)  // so that the next attempt is accepted
        return 503
    }
}
