-- Tells how a live challenge stands, and changes nothing.
-- KEYS: number. ARGV: identifier and check in one.
-- Reply: 0, time, expiry, opens at, attempts, messages; or 4, time: absent.

if not found then
    return struct.pack('>BI6', 4, now)
end
consider_sends()
local attempts = math.min(LIMITS.guesses_per_code - guesses_of_code, LIMITS.guesses_per_challenge - guesses)
return struct.pack('>BI6I6I6BB', 0, now, expiry, now + wait, math.max(0, attempts), messages)
