// SPDX-License-Identifier: Apache-2.0

package import SMSKit

/// A request with an idempotency key.
///
/// An ``IdempotencyStore`` keeps a *mark* of each such request. The mark contains the state of the request, a hash of its body,
/// and a nonce. The request creates a challenge, whose token is a keyed hash of the nonce, the idempotency key and the body.
/// Therefore a repeated request can compute the token, although no store contains the token.
package struct IdempotentRequest: Sendable {
    /// The state of an earlier request with the same idempotency key.
    package enum Earlier: Sendable {
        /// The body of the earlier request differs from the body of this request.
        case different
        /// The earlier request has no response yet.
        case inProgress
        /// The earlier request was successful.
        case completed(ChallengeSeed)
    }

    private static let inProgress = UInt8(ascii: "p")
    private static let completed = UInt8(ascii: "c")
    private static let hashSize = 16

    /// The name of the request's mark in an ``IdempotencyStore``.
    package let name: [UInt8]

    /// The ``ChallengeSeed`` for the challenge that this request creates.
    package let seed: ChallengeSeed

    private let keys: KeyRing
    private let values: [[UInt8]]
    private let body: [UInt8]
    /// A keyed hash of the body, which does not reveal the phone number in the body.
    private let bodyHash: [UInt8]
    private let nonce: [UInt8]

    fileprivate init(_ keys: KeyRing, _ values: [[UInt8]], body: [UInt8], nonce: [UInt8]) {
        self.keys = keys
        self.values = values
        self.body = body
        self.nonce = nonce
        self.name = Array(keys.idempotencyHash("name", values).prefix(Self.hashSize))
        self.bodyHash = Array(keys.idempotencyHash("body", values + [body]).prefix(Self.hashSize))
        self.seed = ChallengeSeed(keys.idempotencyHash("token", values + [body, nonce]))
    }

    /// Returns the mark of this request for an ``IdempotencyStore``.
    ///
    /// - Parameter isCompleted: Whether the request was successful.
    /// - Returns: The bytes of the mark.
    package func mark(isCompleted: Bool) -> [UInt8] {
        [isCompleted ? Self.completed : Self.inProgress] + self.bodyHash + self.nonce
    }

    /// Returns the state of an earlier request with the same idempotency key.
    ///
    /// - Parameter mark: The mark, which is the value that the ``IdempotencyStore`` contains for the earlier request.
    /// - Returns: The state of the earlier request.
    package func earlier(_ mark: [UInt8]) -> Earlier {
        // After an unsuccessful request, the mark is empty for a few milliseconds before it is removed.
        guard let state = mark.first, mark.count == 1 + 2 * Self.hashSize else { return .inProgress }
        guard Array(mark[1...Self.hashSize]) == self.bodyHash else { return .different }
        guard state == Self.completed else { return .inProgress }
        let nonce = Array(mark.suffix(Self.hashSize))
        return .completed(ChallengeSeed(self.keys.idempotencyHash("token", self.values + [self.body, nonce])))
    }
}

extension OTPService {
    /// Describes a request with an idempotency key.
    ///
    /// - Parameters:
    ///   - key: The key that the client chose.
    ///   - scope: The scope in which the key is unique, such as the API key and the operation.
    ///   - body: The body of the request.
    /// - Returns: The request.
    package func idempotentRequest(key: String, scope: [String], body: [UInt8]) -> IdempotentRequest {
        let values = ([self.tenant] + scope + [key]).map { Array($0.utf8) }
        return IdempotentRequest(self.keys, values, body: body, nonce: self.randomness.bytes(16))
    }

    /// Returns the live challenge that an earlier identical request created.
    ///
    /// - Parameters:
    ///   - seed: The seed of the challenge.
    ///   - number: The phone number of the challenge.
    /// - Returns: The token and the state of the challenge.
    /// - Throws: ``OTPError`` with the code `expired` if the challenge is no longer live, or with the code `storeUnavailable`
    ///   or `cancelled`.
    package func challenge(
        of seed: ChallengeSeed,
        for number: PhoneNumber
    ) async throws(OTPError) -> (token: ChallengeToken, status: ChallengeStatus) {
        // The ``Lane`` of the earlier request is not known, so both lanes are tried.
        if self.hasDeviceLane {
            let token = seed.token(in: .device)
            do throws(OTPError) {
                return (token, try await self.status(for: number, token: token))
            } catch {
                guard error.code == .expired else { throw error }
            }
        }
        let token = seed.token(in: .open)
        return (token, try await self.status(for: number, token: token))
    }
}
