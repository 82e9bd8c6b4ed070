-- Counts a guess, compares it, and consumes the challenge if it is right.
-- KEYS: number. ARGV: for each key identifier, check, key id (its length before it) and authenticator, in one.
-- Reply: time * 256 + kind * 32 + attempts, where the kind is 0: matched, 1: mismatched, 2: exhausted, 4: absent,
-- 5: unknown key; or packed 3, time, kind, index, wait: locked.
--
-- This is the script of an attack, so it reads the record (see `open.lua` and `challenge.lua`) in place, and writes only
-- the end of it: half the work of taking it apart and putting it together.

local clock = redis.call('TIME')
local now = clock[1] * 1000 + clock[2] / 1000
now = now - now % 1
local record = redis.call('GET', KEYS[1])
if not record then
    return now * 256 + 4 * 32
end
-- The check is a hash: nobody can choose it so that it occurs elsewhere in a record.
local find = string.find
local guess, start
for i = 1, #ARGV do
    guess = ARGV[i]
    start = find(record, string.sub(guess, 1, -33), 4, true)
    if start then
        break
    end
end
local at
if start then
    at = start + #guess
else
    guess = nil
    start = find(record, string.sub(ARGV[1], 1, 32), 4, true)
    if not start then
        assert(string.byte(record, -1) == 1, 'a record of another version')
        return now * 256 + 4 * 32
    end
    at = start + 65 + string.byte(record, start + 32)
end
-- In a record without a failure the last one is something else; then there is no row either.
local size = #record
local last, guessed, latest_of_code, latest_in_all, row, failures, version =
    struct.unpack('>I6I2BBI2I2B', record, size - 14)
if version ~= 1 then
    error('a record of another version')
end
local guesses_of_code, guesses, expiry = struct.unpack('>BBI6', record, at)
if expiry <= now or expiry > now + LIMITS.longest_life then
    return now * 256 + 4 * 32
end
if guessed == at then
    guesses_of_code, guesses = latest_of_code, latest_in_all
end
local attempts = LIMITS.guesses_per_code - guesses_of_code
if attempts > LIMITS.guesses_per_challenge - guesses then
    attempts = LIMITS.guesses_per_challenge - guesses
end
if attempts <= 0 then
    return now * 256 + 2 * 32
end
if row > 0 then
    if last + LIMITS.row_retention <= now then
        row = 0
    elseif row >= LIMITS.row then
        return struct.pack('>BI6BBI6', 3, now, 4, 0, 0)
    end
end
-- A lock that others brought about leaves a challenge its first guess: its owner may hold the code already.
if guesses > 0 and failures >= 6 * LIMITS.smallest_failures then
    local windows, index, wait = LIMITS.failures, 0, 0
    for i = 1, #windows / 2 do
        if 6 * windows[2 * i - 1] <= failures then
            local its_wait = struct.unpack('>I6', record, size - 8 - 6 * windows[2 * i - 1]) + windows[2 * i] - now
            if its_wait > wait and its_wait <= windows[2 * i] + LIMITS.tolerance then
                index, wait = i, its_wait
            end
        end
    end
    if wait > 0 then
        return struct.pack('>BI6BBI6', 3, now, 3, index, wait)
    end
end
if not guess then
    return now * 256 + 5 * 32
end

if find(record, guess, start, true) == start then
    -- The end of the challenge; the counts of another one move into its place, which comes before or after this.
    local rest = at + 10 + string.byte(record, at + 9)
    local before, after = string.sub(record, 2, start - 1), string.sub(record, rest, -10)
    if guessed > at then
        after = string.sub(record, rest, guessed - 1) .. string.char(latest_of_code, latest_in_all)
            .. string.sub(record, guessed + 2, -10)
    elseif guessed > 0 and guessed < at then
        before = string.sub(record, 2, guessed - 1) .. string.char(latest_of_code, latest_in_all)
            .. string.sub(record, guessed + 2, start - 1)
    end
    local packed = string.char(0) .. before .. after .. struct.pack('>I2BBI2I2B', 0, 0, 0, 0, failures, 1)
    -- Written, and never deleted: a server that is full lets deletions pass, and would give the right guess away.
    if row > 0 then
        redis.call('PSETEX', KEYS[1], 'LIMITS.windows_life', packed)
    else
        redis.call('SET', KEYS[1], packed, 'KEEPTTL')
    end
    return now * 256
end

if guessed > 0 and guessed ~= at then
    redis.call('SETRANGE', KEYS[1], string.format('%d', guessed - 1), string.char(latest_of_code, latest_in_all))
end
if failures < 6 * LIMITS.largest_failures then
    redis.call('SETRANGE', KEYS[1], string.format('%d', size - 9),
        struct.pack('>I6I2BBI2I2B', now, at, guesses_of_code + 1, guesses + 1, row + 1, failures + 6, 1))
else
    redis.call('SETRANGE', KEYS[1], string.format('%d', size - 9 - failures), string.sub(record, size - 2 - failures, -10)
        .. struct.pack('>I6I2BBI2I2B', now, at, guesses_of_code + 1, guesses + 1, row + 1, failures, 1))
end
-- The end of the record is put off by the first failure of a day, and a day further than need be.
if row == 0 or last < now - now % LIMITS.day then
    redis.call('PEXPIRE', KEYS[1], 'LIMITS.row_life')
end
return now * 256 + 31 + attempts
