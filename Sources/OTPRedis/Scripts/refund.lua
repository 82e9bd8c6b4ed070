-- Gives back a message that certainly was not sent.
-- KEYS: challenge, number. ARGV: limits, check, time of the message, 1 if it was a further one and 0 if not.
-- Reply: 1 if the message was still counted, 0 if not.

local limits = read_limits(ARGV[1])
local time = tonumber(ARGV[3])
local number = read_number(redis.call('GET', KEYS[2]), limits)
local position
for i = 1, #number.sends do
    if number.sends[i] == time then
        position = i
    end
end
if not position then
    return 0
end
table.remove(number.sends, position)
number.step = math.max(0, number.step - 1)
local lifetime = lifetime_of(number, limits)
if lifetime > 0 then
    redis.call('SET', KEYS[2], write_number(number), 'PX', text_of(lifetime))
else
    redis.call('DEL', KEYS[2])
end

local challenge = read_challenge(redis.call('GET', KEYS[1]), ARGV[2])
if challenge then
    if ARGV[4] == '1' then
        challenge.sends = math.max(1, challenge.sends - 1)
        redis.call('SET', KEYS[1], write_challenge(challenge), 'PX', text_of(challenge.expiry - now))
    elseif challenge.expiry == time + limits.life then
        redis.call('DEL', KEYS[1])
    end
end
return 1
