// Verifies a number first, and creates the account later.

// snippet.show
import OTP
import SMSKit
import SendGuard

/// One sign-up in the server-side session.
actor SignUp {
    let number: PhoneNumber
    let token: ChallengeToken
    private var verification: Task<VerificationProof, any Error>?

    private init(number: PhoneNumber, token: ChallengeToken) {
        self.number = number
        self.token = token
    }

    /// Sends a code to the number that the user typed.
    ///
    /// The address is that of the connection. The cookie is the device token of an earlier verification, if there is one.
    static func begin(
        _ number: PhoneNumber,
        from address: String,
        device cookie: String?,
        otp: OTPService
    ) async throws -> SignUp {
        let device = cookie.flatMap { try? DeviceToken($0) }
        let client = ClientInfo(source: SourceAddress(address), deviceToken: device)
        let challenge = try await otp.issue(for: number, purpose: .registration, client: client)
        return SignUp(number: number, token: challenge.token)
    }

    /// Verifies the code, and keeps the proof for the form that follows.
    func submit(_ code: String, from address: String, to otp: OTPService) async throws -> VerificationProof {
        // The second request of a double click waits for the result of the first one.
        if let verification = self.verification { return try await verification.value }
        let client = ClientInfo(source: SourceAddress(address))
        let verification = Task {
            try await otp.verify(code, for: self.number, token: self.token, purpose: .registration, client: client)
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

/// Returns a cookie with the device token, by which the service recognizes the browser after a verification.
func deviceCookie(for proof: VerificationProof, otp: OTPService) -> String {
    "device=\(otp.deviceToken(for: proof).text); Max-Age=15552000; Path=/; Secure; HttpOnly; SameSite=Lax"
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
