import Logging
import Metrics
import SMSKit

/// Counts and logs what the service does, without codes, numbers or tokens.
struct OTPMetrics: Sendable {
    enum Operation: String {
        case issue = "otp.issue"
        case verify = "otp.verify"
        case resend = "otp.resend"
        case redeem = "otp.redeem"
    }

    func observe<Result>(
        _ operation: Operation,
        _ number: PhoneNumber,
        _ purpose: OTPPurpose,
        _ body: () async throws(OTPError) -> Result
    ) async throws(OTPError) -> Result {
        do throws(OTPError) {
            let result = try await body()
            self.record(operation, number, purpose, "ok")
            return result
        } catch {
            self.record(operation, number, purpose, error.code.description)
            throw error
        }
    }

    private func record(_ operation: Operation, _ number: PhoneNumber, _ purpose: OTPPurpose, _ outcome: String) {
        Counter(label: operation.rawValue, dimensions: [("purpose", purpose.rawValue), ("outcome", outcome)])
            .increment()
        Logger.current.debug(
            "\(operation.rawValue)",
            metadata: [
                "otp.outcome": "\(outcome)",
                "otp.purpose": "\(purpose.rawValue)",
                "otp.phone": "\(number)",
            ]
        )
    }
}
