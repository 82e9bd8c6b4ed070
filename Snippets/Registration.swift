// Verifies a phone number during sign-up.

// snippet.show
import OTP
import OTPTesting
import SMSKit

let sms = RecordingSMSClient()  // sends nothing; in production AlibabaSMSClient, or an SMSClient of your own
let otp = try OTPService(
    store: InMemoryOTPStore(),  // in production RedisOTPStore
    sms: sms,
    keys: KeyRing(text: KeyRing.makeText()),  // in production from a secret store: new keys invalidate all codes
    policy: OTPPolicy(destinations: [.unitedKingdom]),
    messages: MessageTemplates(brand: "Acme")
)

// A user asks for a code. The token goes to the browser or app, the code to the phone.
let number = try PhoneNumber("+44 7700 900123")
let challenge = try await otp.issue(for: number, purpose: .registration)

// The browser returns the token and the code that the user typed. This throws unless the code is right.
guard let code = sms.lastCode(to: number) else { fatalError("no message was sent") }
let proof = try await otp.verify(code, for: number, token: challenge.token, purpose: .registration)
print("verified \(proof.phoneNumber)")  // masked: +44****23
