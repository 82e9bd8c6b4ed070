-- Admits the first message of a new challenge and stores the challenge, or does neither.
-- KEYS: challenge, number. ARGV: limits, check, authenticator, key id, sealed code.
-- Reply: {0, now, expiry, opens at, attempts} or {1, now, kind, index, wait}.

local limits = read_limits(ARGV[1])
local number = read_number(redis.call('GET', KEYS[2]), limits)
if number.row >= limits.row then
    return { 1, now, ROW, 0, 0 }
end
local refusal = refusal_of_send(number, limits)
if refusal.wait > 0 then
    return { 1, now, refusal.kind, refusal.index, refusal.wait }
end

local challenge = {
    guesses_of_code = 0, guesses = 0, sends = 1, expiry = now + limits.life,
    check = ARGV[2], authenticator = ARGV[3], key = ARGV[4], sealed = ARGV[5],
}
redis.call('SET', KEYS[1], write_challenge(challenge), 'PX', text_of(limits.life))
record_send(number, limits)
redis.call('SET', KEYS[2], write_number(number), 'PX', text_of(lifetime_of(number, limits)))
return { 0, now, challenge.expiry, opens_at(number, limits), attempts_remaining(challenge, limits) }
