// Verifies a number first, and creates the account later.

// snippet.show
import OTP
import SMSKit

/// One sign-up in the server-side session.
actor SignUp {
    let number: PhoneNumber
    let token: ChallengeToken
    private var verification: Task<VerificationProof, any Error>?

    init(number: PhoneNumber, token: ChallengeToken) {
        self.number = number
        self.token = token
    }

    /// Verifies the code, and keeps the proof for the form that follows.
    func submit(_ code: String, to otp: OTPService) async throws -> VerificationProof {
        // The second request of a double click waits for the result of the first one.
        if let verification = self.verification { return try await verification.value }
        let verification = Task {
            try await otp.verify(code, for: self.number, token: self.token, purpose: .registration)
        }
        self.verification = verification
        do {
            return try await verification.value
        } catch {
            self.verification = nil
            throw error
        }
    }
}

/// Creates the account in the service that owns the users.
func createAccount(
    _ signUpID: String,
    for number: PhoneNumber,
    proof: String,
    otp: OTPService,
    users: Users
) async throws {
    // A repeated request finds the account of the first one.
    if await users.contains(signUpID) { return }
    try await otp.redeem(proof, for: number, purpose: .registration)
    await users.insert(signUpID, number)
}

/// The table of users, with a unique constraint on the sign-up.
actor Users {
    private var numbers: [String: PhoneNumber] = [:]

    func contains(_ signUpID: String) -> Bool { self.numbers[signUpID] != nil }

    func insert(_ signUpID: String, _ number: PhoneNumber) { self.numbers[signUpID] = number }
}
