// SPDX-License-Identifier: Apache-2.0

import SMSKit
import SendGuard

extension OTPService {
    /// Runs a closure that performs a service operation, and records the outcome as an audit event.
    func audited<Result>(
        _ kind: AuditEvent.Kind,
        _ binding: CodeBinding,
        _ client: ClientInfo,
        _ body: () async throws(OTPError) -> Result
    ) async throws(OTPError) -> Result {
        // Each place that calls the body would be inlined separately, and would enlarge the frame of the caller.
        do throws(OTPError) {
            let result = try await body()
            self.audit?.record(kind, binding, client, nil)
            return result
        } catch {
            self.audit?.record(kind, binding, client, error)
            throw error
        }
    }

    /// Runs a closure that sends a message, and records the outcome as an audit event.
    func auditedSend(
        _ binding: CodeBinding,
        _ body: () async throws(OTPError) -> (delivery: Challenge.Delivery, requestID: String?)
    ) async throws(OTPError) -> (delivery: Challenge.Delivery, requestID: String?) {
        do throws(OTPError) {
            let sent = try await body()
            self.audit?.record(sent.delivery, nil, binding)
            return sent
        } catch {
            self.audit?.record(nil, error.delivery, binding)
            throw error
        }
    }
}
