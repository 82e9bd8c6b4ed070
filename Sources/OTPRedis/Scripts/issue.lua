-- Stores a new challenge whose first message was admitted.
-- KEYS: number. ARGV: identifier, check, key id (its length before it) and authenticator in one; sealed code.
-- Reply: 0, time, expiry, opens at, attempts; or 1, time, kind, index, wait: refused.

found, head, sealed = true, ARGV[1], ARGV[2]
attempts, guesses, messages, expiry = LIMITS.attempts, 0, 1, now + LIMITS.lifetime
local reply = struct.pack('>BI6I6I6B', 0, now, expiry, now + wait, attempts)
