// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import JSONOutput
import Logging
import OTP
import SMSKit

/// The handling of requests with the header `Idempotency-Key`.
///
/// The store contains a *mark* for each idempotency key. The mark records whether a request with the key is in progress or has
/// succeeded.
extension VerificationCall {
    // Not `nil`, because the text is a valid name.
    private static let idempotencyHeader = HTTPField.Name("Idempotency-Key")!

    /// The lifetime of the mark while a request is in progress.
    ///
    /// This lifetime is longer than any request takes.
    private static let lifetimeInProgress = Duration.seconds(120)

    /// The lifetime of the mark after a request has succeeded.
    private static let lifetime = Duration.seconds(3600)

    /// Returns the idempotency key; `nil` if the request has no header `Idempotency-Key`, or if the operation sends no message.
    ///
    /// The draft standard for the header requires quotes around the key. Many clients omit the quotes, so they are optional.
    /// Quotes are not part of the key.
    func idempotencyKey() throws(HTTPProblem) -> String? {
        guard self.operation.sends else { return nil }
        let values = self.request.headers[values: Self.idempotencyHeader]
        guard !values.isEmpty else { return nil }
        // If the server ignored the header, a repeated request would send a second message.
        guard self.routes.idempotency != nil else { throw HTTPProblem(.idempotencyUnsupported) }
        var key = values[0][...]
        if key.count >= 2, key.hasPrefix("\""), key.hasSuffix("\"") { key = key.dropFirst().dropLast() }
        let isVisible = key.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }
        guard values.count == 1, (16...128).contains(key.utf8.count), isVisible else {
            throw HTTPProblem(.invalidRequest, "An Idempotency-Key has 16 to 128 visible ASCII characters.")
        }
        return String(key)
    }

    /// Performs the operation if no earlier request with the same idempotency key is in progress or has succeeded.
    ///
    /// - Parameters:
    ///   - request: The request and its idempotency key.
    ///   - fields: The body of the request.
    ///   - service: The service of the tenant.
    ///   - store: The store that contains a mark for each idempotency key.
    /// - Returns: The response.
    /// - Throws: ``HTTPProblem`` or an error of the service.
    func performOnce(
        _ request: IdempotentRequest,
        _ fields: RequestFields,
        _ service: OTPService,
        _ store: any IdempotencyStore
    ) async throws -> Response {
        let mark = request.mark(isCompleted: false)
        let existing = try await self.reachable {
            try await store.insert(mark, named: request.name, lifetime: Self.lifetimeInProgress)
        }
        if let existing { return try await self.repeated(request.earlier(existing), fields, service) }
        do {
            let response = try await self.perform(fields, service, seed: request.seed)
            // If the store fails here, the old mark remains. A repeated request then fails with 409, and sends no second
            // message.
            await self.update {
                try await store.replace(request.mark(isCompleted: true), named: request.name, lifetime: Self.lifetime)
            }
            return response
        } catch {
            // No message was sent, so a repeated request may send a message.
            await self.update { try await store.remove(named: request.name) }
            throw error
        }
    }

    /// Returns the response to a repeated request: the current state of the challenge from the earlier request.
    private func repeated(
        _ earlier: IdempotentRequest.Earlier,
        _ fields: RequestFields,
        _ service: OTPService
    ) async throws -> Response {
        let seed: ChallengeSeed
        switch earlier {
        case .different: throw HTTPProblem(.idempotencyMismatch)
        case .inProgress: throw HTTPProblem(.idempotencyConflict)
        case .completed(let earlierSeed): seed = earlierSeed
        }
        let number = try fields.number(self.routes.plan)
        let token: ChallengeToken
        let status: ChallengeStatus
        if self.operation == .issue {
            (token, status) = try await service.challenge(of: seed, for: number)
        } else {
            token = try fields.token()
            status = try await service.status(for: number, token: token)
        }
        return Response(self.operation.success, JSONText(token, status, codeLength: service.codeLength))
    }

    /// Runs a closure that accesses the idempotency store, and throws the problem `unavailable` if the closure fails.
    ///
    /// The method is for accesses before the request is performed.
    private func reachable<Result>(_ step: () async throws -> Result) async throws(HTTPProblem) -> Result {
        do {
            return try await step()
        } catch {
            self.log(error)
            throw HTTPProblem(.unavailable)
        }
    }

    /// Runs a closure that accesses the idempotency store, and only logs an error of the closure.
    ///
    /// The method is for accesses after the request was performed, when the response is already determined.
    private func update(_ step: () async throws -> Void) async {
        do {
            try await step()
        } catch {
            self.log(error)
        }
    }

    private func log(_ error: any Error) {
        self.logger.warning("Idempotency store failed", metadata: ["error.type": "\(type(of: error))"])
    }
}
