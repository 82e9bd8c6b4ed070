-- Checks whether a resend is possible, before any limit is charged.
-- KEYS: number. ARGV, for a new code: identifier, check, key id (its length before it) and authenticator in one; sealed
-- code. ARGV, for the same code: identifier and check in one; the length of a sealed code that can be sent; and the ids of
-- the keys that can open it, each with its length before it.

-- A resend for another purpose, context or tenant finds no challenge.
if not found or string.sub(head, 17, 32) ~= string.sub(ARGV[1], 17, 32) then
    return struct.pack('>BI6', 4, now)
end
if #ARGV[1] > 32 then
    attempts = math.min(LIMITS.attempts_per_code, LIMITS.attempts_per_challenge - guesses)
    expiry = now + LIMITS.lifetime
    head, sealed = ARGV[1], ARGV[2]
else
    if #sealed ~= tonumber(ARGV[2]) then
        return struct.pack('>BI6', 4, now)
    end
    local key_id, is_known = string.sub(head, 33, -33), false
    for i = 3, #ARGV do
        is_known = is_known or ARGV[i] == key_id
    end
    if not is_known then
        return struct.pack('>BI6', 5, now)
    end
end
if attempts <= 0 then
    return struct.pack('>BI6', 2, now)
end
if messages >= LIMITS.sends_per_challenge then
    return struct.pack('>BI6BBI6', 1, now, SENDS_PER_CHALLENGE, 0, 0)
end
