// SPDX-License-Identifier: Apache-2.0

package import SMSKit
package import SendGuard

/// The parts of a service that its operator reads.
extension OTPService {
    /// The guard that decides about each message; `nil` for a service without a guard.
    package var smsGuard: SMSGuard? { self.sendGuard?.sendGuard }

    /// Whether the service records audit events of its own.
    package var hasAuditTrail: Bool { self.audit != nil }

    /// Returns the limits of a number without changing them.
    ///
    /// - Parameter number: The number.
    /// - Returns: The limits; `nil` if the store cannot return them.
    /// - Throws: ``OTPError`` with the code `storeUnavailable`.
    package func limits(of number: PhoneNumber) async throws(OTPError) -> NumberLimits? {
        guard let reader = self.store as? any LimitReader else { return nil }
        return try await self.steps.mapErrors(of: .status) {
            try await reader.limits(of: self.indexes(of: number), self.lanes)
        }
    }
}
