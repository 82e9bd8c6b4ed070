// SPDX-License-Identifier: Apache-2.0

import Foundation
import SMSKit
import SendGuard

extension OTPService {
    /// Creates the token of a device that has just verified a number.
    ///
    /// Return its text to the client whose code was verified, for example as a cookie that scripts cannot read. With
    /// ``OTPPolicy/deviceLane``, later calls with the token can use the device lane of the number. The call is local.
    ///
    /// - Parameter proof: The proof that `verify` returned. It is trusted, so never pass one that a client sent.
    /// - Returns: The token, which is valid for ``OTPPolicy/deviceTokenLifetime`` after the verification.
    public func deviceToken(for proof: VerificationProof) -> DeviceToken {
        // The expiry of the proof is a time of the store's clock, from the step that verified the code.
        let issuedAt = StoreTime(clamping: proof.expiresAt) + (.zero - self.policy.proofLifetime)
        return self.keys.codeKeys[0].deviceKey.token(for: proof.phoneNumber, tenant: self.tenant, issuedAt: issuedAt)
    }

    /// Returns the reasons to trust a client that require neither the human check nor the risk assessor.
    func signals(of client: ClientInfo, for number: PhoneNumber) async throws(OTPError) -> SendSignals {
        var signals: SendSignals = client.isKnownNumber ? .knownNumber : []
        if try await self.isKnownDevice(client.deviceToken, number) { signals.insert(.knownDevice) }
        return signals
    }

    /// Returns the lane for a new challenge.
    func lane(of signals: SendSignals) -> Lane {
        self.policy.deviceLane != nil && signals.contains(.knownDevice) ? .device : .open
    }

    /// Returns whether a token is valid for a number: signed for it and this tenant, and not too old by the store's clock.
    ///
    /// An invalid token is no error, because the caller then has the limits of every other caller.
    private func isKnownDevice(_ token: DeviceToken?, _ number: PhoneNumber) async throws(OTPError) -> Bool {
        guard
            let token, let key = self.keys.codeKey(token.keyID)?.deviceKey,
            key.isValid(token, for: number, tenant: self.tenant)
        else { return false }
        let now = try await self.steps.mapErrors(of: .issue) { try await self.store.currentTime() }
        guard let now else { return false }
        return token.isCurrent(at: now, lifetime: self.policy.deviceTokenLifetime)
    }
}
