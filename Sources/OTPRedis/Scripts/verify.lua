-- Counts a guess, compares it, and consumes the challenge if it is right.
-- KEYS: number. ARGV: for each key identifier, check, key id (its length before it) and authenticator, in one.
-- Reply: time * 256 + kind * 32 + attempts, where the kind is 0: matched, 1: mismatched, 2: exhausted, 4: absent,
-- 5: unknown key; or packed 3, time, kind, index, wait: locked.
--
-- This is the script of an attack, so it reads the record (see `open.lua` and `challenge.lua`) in place, and a wrong
-- guess mostly appends to it only: half the work of taking it apart and putting it together.

-- What Lua looks for among its global variables costs more.
local redis, struct, KEYS, guess = redis, struct, KEYS, ARGV[1]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + clock[2] / 1000
now = now - now % 1
local record = redis.call('GET', KEYS[1])
if not record then
    return now * 256 + 4 * 32
end
-- The check is a hash: nobody can choose it so that it occurs elsewhere in a record.
local start = record:find(guess:sub(1, -33), 4, true)
local at
if start then
    at = start + #guess
else
    for i = 2, #ARGV do
        guess = ARGV[i]
        start = record:find(guess:sub(1, -33), 4, true)
        if start then
            at = start + #guess
            break
        end
    end
    if not start then
        guess = nil
        start = record:find(ARGV[1]:sub(1, 32), 4, true)
        if not start then
            assert(record:byte(-1) == 3, 'a record of another version')
            return now * 256 + 4 * 32
        end
        at = start + 65 + record:byte(start + 32)
    end
end
-- In a record without a failure the last one is some other number; then there is no row either.
local last, failures, guessed, attempts, guesses, expiry, row, version =
    struct.unpack('>I6BI3BBI6BB', record, #record - 19)
if version ~= 3 then
    error('a record of another version')
end
local changed
if guessed ~= at then
    if guesses > 0 then
        -- The counts of the challenge that was guessed last move to where it is.
        record = record:sub(1, guessed - 1) .. string.char(attempts, guesses) .. record:sub(guessed + 2)
        changed = true
    end
    attempts, guesses, expiry = struct.unpack('>BBI6', record, at)
end
if expiry <= now then
    return now * 256 + 4 * 32
end
if expiry > now + LIMITS.lifetime_bound then
    -- It is from a clock that was wrong. Clear its expiry, so that it does not become valid later.
    record = record:sub(1, at + 1) .. '\0\0\0\0\0\0' .. record:sub(at + 8)
    if guessed == at then
        record = record:sub(1, -9) .. '\0\0\0\0\0\0' .. record:sub(-2)
    end
    redis.call('SET', KEYS[1], record, 'KEEPTTL')
    return now * 256 + 4 * 32
end
if attempts <= 0 then
    return now * 256 + 2 * 32
end
if last + LIMITS.row_retention <= now then
    row = 0
end
if row >= LIMITS.row then
    return struct.pack('>BI6BBI6', 3, now, 4, 0, 0)
end
-- A lock that others brought about leaves a challenge its first guess: its owner may hold the code already.
if failures >= LIMITS.smallest_failures and guesses > 0 then
    local windows, index, wait = LIMITS.failures, 0, 0
    for i = 1, #windows / 2 do
        if windows[2 * i - 1] <= failures then
            local its_wait = struct.unpack('>I6', record, #record + 1 - 20 * windows[2 * i - 1]) + windows[2 * i] - now
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

if record:find(guess, start, true) then
    local rest = at + 10 + record:byte(at + 9)
    -- The number of failures stays, with which the last state begins; the rest of it tells of no challenge and no row.
    local packed = '\0' .. record:sub(2, start - 1) .. record:sub(rest, -14)
        .. '\0\0\0\0\0\0\0\0\0\0\0\0\3'
    -- Written, and never deleted: a server that is full lets deletions pass, and would give the right guess away.
    if row > 0 then
        redis.call('SET', KEYS[1], packed, 'PX', 'LIMITS.windows_life')
    else
        redis.call('SET', KEYS[1], packed, 'KEEPTTL')
    end
    return now * 256
end

if failures >= LIMITS.largest_failures then
    -- The oldest ones make room: one, or more after the limit was tightened. The state before them stays, to be passed over.
    local surplus = failures - LIMITS.largest_failures + 1
    local first = #record - 20 * failures
    record = record:sub(1, first) .. record:sub(first + 20 * surplus + 1)
    failures = failures - surplus
    changed = true
end
local failure =
    struct.pack('>I6BI3BBI6BB', now, failures + 1, at, attempts - 1, guesses + 1, expiry, row + 1, 3)
-- Where appending is not allowed, `SET` counts the guess: or wrong ones would be free until the right one is found.
if changed or redis.pcall('APPEND', KEYS[1], failure) ~= #record + 20 then
    redis.call('SET', KEYS[1], record .. failure, 'KEEPTTL')
end
-- The end of the record is put off by the first failure of a day, and a day further than need be.
if row == 0 or last < now - now % LIMITS.day then
    redis.call('PEXPIRE', KEYS[1], 'LIMITS.row_life')
end
return now * 256 + 31 + attempts
