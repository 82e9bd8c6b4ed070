-- Admits a further message of a challenge, or changes nothing.
-- KEYS: challenge, number. ARGV: limits, check, and for a new code authenticator, key id, sealed code.
-- Reply: {0, now, expiry, opens at, attempts, key id, authenticator, sealed code}, {1, now, kind, index, wait} refused,
-- {2, now} exhausted, {4, now} absent.

local challenge = read_challenge(redis.call('GET', KEYS[1]), ARGV[2])
if not challenge then
    return { 4, now }
end
local limits = read_limits(ARGV[1])
local renews = #ARGV > 2
local guesses_left = attempts_remaining(challenge, limits)
if renews then
    guesses_left = limits.guesses_per_challenge - challenge.guesses
end
if guesses_left <= 0 then
    return { 2, now }
end
if challenge.sends >= limits.sends_per_challenge then
    return { 1, now, SENDS_PER_CHALLENGE, 0, 0 }
end
local number = read_number(redis.call('GET', KEYS[2]), limits)
if number.row >= limits.row then
    return { 1, now, ROW, 0, 0 }
end
local refusal = refusal_of_send(number, limits)
if refusal.wait > 0 then
    return { 1, now, refusal.kind, refusal.index, refusal.wait }
end

if renews then
    challenge.authenticator, challenge.key, challenge.sealed = ARGV[3], ARGV[4], ARGV[5]
    challenge.guesses_of_code = 0
    challenge.expiry = now + limits.life
end
challenge.sends = challenge.sends + 1
redis.call('SET', KEYS[1], write_challenge(challenge), 'PX', text_of(challenge.expiry - now))
record_send(number, limits)
redis.call('SET', KEYS[2], write_number(number), 'PX', text_of(lifetime_of(number, limits)))
return {
    0, now, challenge.expiry, opens_at(number, limits), attempts_remaining(challenge, limits),
    challenge.key, challenge.authenticator, challenge.sealed,
}
