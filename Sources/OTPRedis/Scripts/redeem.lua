-- Marks a proof as used, if it is not used already and has not expired.
-- KEYS: proof. ARGV: expiry. Reply: 1 if this call used it, 0 if not.

local lifetime = tonumber(ARGV[1]) - now
if lifetime <= 0 then
    return 0
end
if redis.call('SET', KEYS[1], '1', 'NX', 'PX', text_of(lifetime)) then
    return 1
end
return 0
