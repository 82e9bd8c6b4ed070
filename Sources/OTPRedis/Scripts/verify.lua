-- Counts a guess, compares it, and consumes the challenge if it is right.
-- KEYS: number. ARGV: identifier, check, then pairs of key id and authenticator.
-- Reply: 0 and time: matched; 1, time, attempts: mismatched; 2, time: exhausted; 3, time, kind, index, wait: locked;
-- 4, time: absent; 5, time: unknown key.

if not found or check ~= ARGV[2] then
    return struct.pack('>BI6', 4, now)
end
local attempts = math.min(LIMITS.guesses_per_code - guesses_of_code, LIMITS.guesses_per_challenge - guesses)
if attempts <= 0 then
    return struct.pack('>BI6', 2, now)
end
if row >= LIMITS.row then
    return struct.pack('>BI6BBI6', 3, now, ROW, 0, 0)
end
-- A lock that others brought about leaves a challenge its first guess: its owner may hold the code already.
if guesses > 0 then
    consider_windows(FAILURES, failures, LIMITS.failures)
    if wait > 0 then
        return struct.pack('>BI6BBI6', 3, now, kind, index, wait)
    end
end

local guess
for i = 3, #ARGV, 2 do
    if ARGV[i] == key then
        guess = ARGV[i + 1]
        break
    end
end
if not guess then
    return struct.pack('>BI6', 5, now)
end

local reply
if guess == authenticator then
    found, step, row, row_time = false, 0, 0, 0
    reply = struct.pack('>BI6', 0, now)
else
    guesses_of_code, guesses = guesses_of_code + 1, guesses + 1
    row, row_time = math.min(row + 1, 65535), now
    while #failures > 0 and struct.unpack('>I6', failures) + LIMITS.failure_span <= now do
        failures = string.sub(failures, 7)
    end
    failures = string.sub(failures .. struct.pack('>I6', now), -6 * LIMITS.largest_failures)
    reply = struct.pack('>BI6B', 1, now, attempts - 1)
end
