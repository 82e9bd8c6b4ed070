-- Marks a proof as used, if it is not used already and has not expired.
-- KEYS: proof. ARGV: expiry, the longest that a proof can have left. Reply: 1 if this call used it, 0 if not.

local clock = redis.call('TIME')
local lifetime = tonumber(ARGV[1]) - clock[1] * 1000 - math.floor(clock[2] / 1000)
if lifetime <= 0 then
    return 0
end
local is_new = redis.call('SET', KEYS[1], '1', 'NX', 'PX', string.format('%d', lifetime))
-- One with more left is from a clock that was wrong. It is marked, so that it cannot be used when the clock gets there.
if is_new and lifetime <= tonumber(ARGV[2]) then
    return 1
end
return 0
