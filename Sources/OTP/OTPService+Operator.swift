// SPDX-License-Identifier: Apache-2.0

package import SMSKit
package import SendGuard

/// Properties and methods for the operator of a service.
extension OTPService {
    /// The guard that decides whether a message may be sent; `nil` for a service without a guard.
    package var smsGuard: SMSGuard? { self.sendGuard?.sendGuard }

    /// Whether the service has an audit trail, and therefore records audit events.
    package var hasAuditTrail: Bool { self.audit != nil }

    /// Returns how much of each limit a phone number has used.
    ///
    /// - Parameter number: The phone number.
    /// - Returns: The limits and their use; `nil` if the store does not support this query.
    /// - Throws: ``OTPError`` with the code `storeUnavailable`.
    package func limits(of number: PhoneNumber) async throws(OTPError) -> NumberLimits? {
        guard let reader = self.store as? any LimitReader else { return nil }
        return try await self.steps.mapErrors(of: .status) {
            try await reader.limits(of: self.indexes(of: number), self.lanes)
        }
    }
}
