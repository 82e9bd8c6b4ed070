-- Looks whether a further message of a challenge would be of use.
-- KEYS: number. ARGV: identifier and check, and for a new code its key id (its length before it) and authenticator, in
-- one; for a new code the sealed code.

if not found then
    return struct.pack('>BI6', 4, now)
end
if #ARGV > 1 then
    attempts = math.min(LIMITS.guesses_per_code, LIMITS.guesses_per_challenge - guesses)
    expiry = now + LIMITS.life
    head, sealed = ARGV[1], ARGV[2]
end
if attempts <= 0 then
    return struct.pack('>BI6', 2, now)
end
if messages >= LIMITS.sends_per_challenge then
    return struct.pack('>BI6BBI6', 1, now, SENDS_PER_CHALLENGE, 0, 0)
end
