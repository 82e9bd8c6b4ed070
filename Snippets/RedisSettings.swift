// Changes the settings of the connections to Redis.

// snippet.show
import Hiredis
import OTPRedis

var configuration = try RedisConfiguration(url: "rediss://otp:secret@redis.internal:6380")
configuration.minimumReplicas = 1
let store = try RedisOTPStore(configuration: configuration)
