// Issues codes with a store in Redis, and sends them through Alibaba Cloud.

// snippet.show
import AlibabaSMS
import OTP
import OTPRedis

let store = try RedisOTPStore(url: "rediss://otp:secret@redis.internal:6380")
let sms = try AlibabaSMSClient()
let otp = try OTPService(
    store: store,
    sms: sms,
    keys: KeyRing(text: KeyRing.makeText()),  // in production from a secret store: new keys invalidate all codes
    policy: OTPPolicy(destinations: [.unitedKingdom]),
    messages: MessageTemplates(brand: "Acme")
)
