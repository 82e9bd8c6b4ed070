// SPDX-License-Identifier: Apache-2.0

import Foundation
public import SMSKit
import SendGuard

extension OTPService {
    /// Creates the token of a device that has just verified a number.
    ///
    /// Return the text of the token to the client whose code was verified, for example in an HTTP-only cookie. If the policy
    /// has a ``OTPPolicy/deviceLane``, later calls with the token have the limits of known devices. The method uses neither the
    /// store nor the network.
    ///
    /// - Parameter proof: The proof that `verify` returned. The method does not check the proof, so never pass a proof from a
    ///   client.
    /// - Returns: The token, which is valid for ``OTPPolicy/deviceTokenLifetime`` after the verification.
    public func deviceToken(for proof: VerificationProof) -> DeviceToken {
        // The proof expires one proof lifetime after the verification, measured by the store's clock.
        let issuedAt = StoreTime(clamping: proof.expiresAt) + (.zero - self.policy.proofLifetime)
        return self.keys.codeKeys[0].deviceKey.token(for: proof.phoneNumber, tenant: self.tenant, issuedAt: issuedAt)
    }

    /// Revokes all device tokens that were issued for a number before the call.
    ///
    /// If several tenants share the store and the index keys of the ``KeyRing``, the call revokes the tokens of all these
    /// tenants. The devices are unknown until they verify the number again. A challenge that a known device requested before
    /// the call stays valid until it expires.
    ///
    /// - Parameters:
    ///   - number: The phone number.
    ///   - operatorName: The name of the person or the service that revokes the tokens, for the audit event.
    /// - Throws: ``OTPError`` with the code `storeUnavailable` or `cancelled`.
    public func revokeDevices(of number: PhoneNumber, by operatorName: String? = nil) async throws(OTPError) {
        try await self.steps.observe(.revoke) {
            try await self.store.revokeDevices(of: self.indexes(of: number))
        }
        self.audit?.record(.revoke, number, nil, by: operatorName, reason: "devices")
    }

    /// Returns the set of limits (``Lane``) for a new challenge.
    ///
    /// - Parameter device: The issue time of the client's valid device token; `nil` if the client has no valid token.
    /// - Returns: ``Lane/device`` if the policy has a device lane and the client has a valid device token; otherwise
    ///   ``Lane/open``.
    func lane(of device: StoreTime?) -> Lane {
        self.policy.deviceLane != nil && device != nil ? .device : .open
    }

    /// Returns the time at which the client's device token was issued; `nil` if the client has no valid token.
    ///
    /// A valid token is signed for the number and this tenant, and has not expired by the store's clock. The store checks later
    /// whether the token was revoked.
    func knownDevice(_ client: ClientInfo, _ number: PhoneNumber) async throws(OTPError) -> StoreTime? {
        guard
            let token = client.deviceToken, let key = self.keys.codeKey(token.keyID)?.deviceKey,
            key.isValid(token, for: number, tenant: self.tenant)
        else { return nil }
        let now = try await self.steps.mapErrors(of: .issue) { try await self.store.currentTime() }
        guard let now, token.isCurrent(at: now, lifetime: self.policy.deviceTokenLifetime) else { return nil }
        return token.issuedAt
    }
}

/// The ``OTPError/cause`` of the error for a revoked device token.
struct RevokedDevice: Error {}

extension OTPError {
    /// An internal error for a device token that was revoked.
    ///
    /// The service catches the error, and repeats the send without the token.
    static let deviceRevoked = OTPError(.invalidToken, "the device token was revoked", cause: RevokedDevice())

    var isDeviceRevoked: Bool { self.cause is RevokedDevice }
}
