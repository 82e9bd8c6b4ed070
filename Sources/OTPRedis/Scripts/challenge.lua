-- Finds the challenge that ARGV[1] and ARGV[2] name among those of the number, and drops those that have ended.
--
-- A challenge: identifier (16 bytes), check (16), guesses of the code (1), guesses in all (1), expiry (6), messages (1),
-- authenticator (32), key id and sealed code (a length of 1 byte and as many bytes each).

local reference = ARGV[1] .. ARGV[2]
local found, others, others_expiry = false, '', 0
local guesses_of_code, guesses, messages, expiry, authenticator, key, sealed
local at = 1
while at <= #challenges do
    local name, of_code, in_all, ending, count, hash, key_id, encrypted, rest =
        struct.unpack('>c32BBI6Bc32Bc0Bc0', challenges, at)
    if ending > now and ending <= now + LIMITS.longest_life then
        if name == reference then
            found, guesses_of_code, guesses, messages, expiry = true, of_code, in_all, count, ending
            authenticator, key, sealed = hash, key_id, encrypted
        else
            others = others .. string.sub(challenges, at, rest - 1)
            others_expiry = math.max(others_expiry, ending)
        end
    end
    at = rest
end
