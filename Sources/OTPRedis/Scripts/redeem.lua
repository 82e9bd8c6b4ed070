-- Marks a proof as used, if it is not used already and has not expired.
-- KEYS: proof. ARGV: expiry. Reply: 1 if this call used it, 0 if not.

local clock = redis.call('TIME')
local lifetime = tonumber(ARGV[1]) - clock[1] * 1000 - math.floor(clock[2] / 1000)
if lifetime <= 0 then
    return 0
end
if redis.call('SET', KEYS[1], '1', 'NX', 'PX', string.format('%d', lifetime)) then
    return 1
end
return 0
