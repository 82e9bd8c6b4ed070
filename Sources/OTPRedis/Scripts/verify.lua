-- Counts a guess, compares it, and consumes the challenge if it is right.
-- KEYS: number. ARGV: identifier, check, then pairs of a key id, its length before it, and an authenticator.
-- Reply: time * 256 + kind * 32 + attempts, where the kind is 0: matched, 1: mismatched, 2: exhausted, 4: absent,
-- 5: unknown key; or packed 3, time, kind, index, wait: locked.
--
-- This is the script of an attack, so it reads and changes the record (see `open.lua` and `challenge.lua`) in place: half
-- the work of taking it apart and putting it together.

local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local record = redis.call('GET', KEYS[1])
if not record then
    return now * 256 + 4 * 32
end
local version, step, row, failures_size = struct.unpack('>BBI2I2', record)
if version ~= 1 then
    error('a record of another version')
end
-- The last 16 bytes that are looked for are a hash: nobody can choose them so that they occur elsewhere in a record.
local at = string.find(record, ARGV[1] .. ARGV[2], 7, true)
if not at then
    return now * 256 + 4 * 32
end
local guesses_of_code, guesses, expiry = struct.unpack('>BBI6', record, at + 32)
if expiry <= now or expiry > now + LIMITS.longest_life then
    return now * 256 + 4 * 32
end
local attempts = LIMITS.guesses_per_code - guesses_of_code
if attempts > LIMITS.guesses_per_challenge - guesses then
    attempts = LIMITS.guesses_per_challenge - guesses
end
if attempts <= 0 then
    return now * 256 + 2 * 32
end
if row > 0 and struct.unpack('>I6', record, 7) + LIMITS.row_retention <= now then
    row = 0
end
if row >= LIMITS.row then
    return struct.pack('>BI6BBI6', 3, now, 4, 0, 0)
end
-- A lock that others brought about leaves a challenge its first guess: its owner may hold the code already.
if guesses > 0 then
    local windows, index, wait = LIMITS.failures, 0, 0
    for i = 1, #windows / 2 do
        if 6 * windows[2 * i - 1] <= failures_size then
            local its_wait = struct.unpack('>I6', record, 1 + 6 * windows[2 * i - 1]) + windows[2 * i] - now
            if its_wait > wait and its_wait <= windows[2 * i] + LIMITS.tolerance then
                index, wait = i, its_wait
            end
        end
    end
    if wait > 0 then
        return struct.pack('>BI6BBI6', 3, now, 3, index, wait)
    end
end

local guess, rest
for i = 3, #ARGV, 2 do
    rest = at + 73 + #ARGV[i]
    if string.sub(record, at + 73, rest - 1) == ARGV[i] then
        guess = ARGV[i + 1]
        break
    end
end
if not guess then
    return now * 256 + 5 * 32
end

if guess == string.sub(record, at + 41, at + 72) then
    rest = rest + 1 + string.byte(record, rest)
    local packed = struct.pack('>BBI2', 1, 0, 0) .. string.sub(record, 5, at - 1) .. string.sub(record, rest)
    -- Written, and never deleted: a server that is full lets deletions pass, and would give the right guess away.
    if row > 0 then
        redis.call('PSETEX', KEYS[1], 'LIMITS.windows_life', packed)
    else
        redis.call('SET', KEYS[1], packed, 'KEEPTTL')
    end
    return now * 256
end

local packed = string.sub(record, 7, at + 31)
if failures_size >= 6 * LIMITS.largest_failures then
    packed = string.sub(record, 7, failures_size) .. string.sub(record, 7 + failures_size, at + 31)
    failures_size = failures_size - 6
end
packed = struct.pack('>BBI2I2I6', 1, step, row + 1, failures_size + 6, now) .. packed
    .. string.char(guesses_of_code + 1, guesses + 1) .. string.sub(record, at + 34)
redis.call('PSETEX', KEYS[1], 'LIMITS.row_life', packed)
return now * 256 + 32 + attempts - 1
