-- Counts a guess, compares it, and consumes the challenge if it is right.
-- KEYS: challenge, number. ARGV: limits, check, then pairs of key id and authenticator.
-- Reply: {0, now} matched, {1, now, attempts} mismatched, {2, now} exhausted, {3, now, kind, index, wait} locked,
-- {4, now} absent, {5, now} unknown key.

local challenge = read_challenge(redis.call('GET', KEYS[1]), ARGV[2])
if not challenge then
    return { 4, now }
end
local limits = read_limits(ARGV[1])
if attempts_remaining(challenge, limits) == 0 then
    return { 2, now }
end
local number = read_number(redis.call('GET', KEYS[2]), limits)
if number.row >= limits.row then
    return { 3, now, ROW, 0, 0 }
end
-- A lock that others brought about leaves a challenge its first guess: its owner may hold the code already.
if challenge.guesses > 0 then
    local refusal = refusal_of_guess(number, limits)
    if refusal.wait > 0 then
        return { 3, now, refusal.kind, refusal.index, refusal.wait }
    end
end

local authenticator
for i = 3, #ARGV, 2 do
    if ARGV[i] == challenge.key then
        authenticator = ARGV[i + 1]
        break
    end
end
if not authenticator then
    return { 5, now }
end

-- Counted and written before it is compared: a server that is full refuses the first write of a script and lets deletions
-- pass, so whatever comes later would give the right guess away.
challenge.guesses_of_code = challenge.guesses_of_code + 1
challenge.guesses = challenge.guesses + 1
redis.call('SET', KEYS[1], write_challenge(challenge), 'PX', text_of(challenge.expiry - now))

local matched = authenticator == challenge.authenticator
if matched then
    redis.call('DEL', KEYS[1])
    number.step, number.row, number.row_time = 0, 0, 0
else
    number.failures[#number.failures + 1] = now
    last_of(number.failures, largest(limits.failures))
    number.row, number.row_time = math.min(number.row + 1, 65535), now
end
local lifetime = lifetime_of(number, limits)
if lifetime > 0 then
    redis.call('SET', KEYS[2], write_number(number), 'PX', text_of(lifetime))
else
    redis.call('DEL', KEYS[2])
end
if matched then
    return { 0, now }
end
return { 1, now, attempts_remaining(challenge, limits) }
