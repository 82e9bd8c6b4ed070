// Verifies a number first, and creates the account later.

// snippet.show
import OTP
import SMSKit

/// One sign-up in the session of the server.
actor SignUp {
    let number: PhoneNumber
    let token: ChallengeToken
    private var proof: VerificationProof?

    init(number: PhoneNumber, token: ChallengeToken) {
        self.number = number
        self.token = token
    }

    /// Verifies the code, and keeps the proof for the form that follows.
    func submit(_ code: String, to otp: OTPService) async throws -> VerificationProof {
        if let proof = self.proof { return proof }
        do {
            let proof = try await otp.verify(code, for: self.number, token: self.token, purpose: .registration)
            self.proof = proof
            return proof
        } catch  where error.code == .expired {
            // The second request of a double click finds the proof of the first one.
            guard let proof = self.proof else { throw error }
            return proof
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
