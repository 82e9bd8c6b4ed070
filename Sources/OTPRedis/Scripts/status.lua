-- Tells how a live challenge stands, and changes nothing.
-- KEYS: challenge, number. ARGV: limits, check. Reply: {0, now, expiry, opens at, attempts, messages} or {4, now}.

local challenge = read_challenge(redis.call('GET', KEYS[1]), ARGV[2])
if not challenge then
    return { 4, now }
end
local limits = read_limits(ARGV[1])
local number = read_number(redis.call('GET', KEYS[2]), limits)
return { 0, now, challenge.expiry, opens_at(number, limits), attempts_remaining(challenge, limits), challenge.sends }
