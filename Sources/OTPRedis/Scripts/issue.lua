-- Stores a new challenge whose first message was admitted.
-- KEYS: number. ARGV: identifier, check, authenticator, key id, sealed code.
-- Reply: 0, time, expiry, opens at, attempts; or 1, time, kind, index, wait: refused.

found, guesses_of_code, guesses, messages, expiry = true, 0, 0, 1, now + LIMITS.life
authenticator, key, sealed = ARGV[3], ARGV[4], ARGV[5]
local reply = struct.pack('>BI6I6I6B', 0, now, expiry, now + wait, LIMITS.attempts)
