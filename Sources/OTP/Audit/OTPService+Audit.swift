// SPDX-License-Identifier: Apache-2.0

import SMSKit
import SendGuard

extension OTPService {
    /// Runs a call, and records its outcome as an audit event.
    func audited<Result>(
        _ kind: AuditEvent.Kind,
        _ binding: CodeBinding,
        _ client: ClientInfo,
        _ body: () async throws(OTPError) -> Result
    ) async throws(OTPError) -> Result {
        guard let audit = self.audit else { return try await body() }
        do throws(OTPError) {
            let result = try await body()
            audit.record(kind, binding, client, nil)
            return result
        } catch {
            audit.record(kind, binding, client, error)
            throw error
        }
    }

    /// Runs a send, and records its outcome as an audit event.
    func auditedSend(
        _ binding: CodeBinding,
        _ body: () async throws(OTPError) -> (delivery: Challenge.Delivery, requestID: String?)
    ) async throws(OTPError) -> (delivery: Challenge.Delivery, requestID: String?) {
        guard let audit = self.audit else { return try await body() }
        do throws(OTPError) {
            let sent = try await body()
            audit.record(sent.delivery, nil, binding)
            return sent
        } catch {
            audit.record(nil, error.delivery, binding)
            throw error
        }
    }
}
