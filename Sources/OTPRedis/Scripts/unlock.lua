-- Forgets all wrong guesses for a number.
-- KEYS: number. ARGV: limits. Reply: 1.

local limits = read_limits(ARGV[1])
local number = read_number(redis.call('GET', KEYS[1]), limits)
number.failures, number.row, number.row_time = {}, 0, 0
local lifetime = lifetime_of(number, limits)
if lifetime > 0 then
    redis.call('SET', KEYS[1], write_number(number), 'PX', text_of(lifetime))
else
    redis.call('DEL', KEYS[1])
end
return 1
