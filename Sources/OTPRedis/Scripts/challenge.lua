-- Finds the challenge ARGV[1] among those of the number, and drops those that have ended.
--
-- A challenge: identifier (16 bytes), guesses of the code (1), guesses in all (1), messages (1), expiry (6), check (16),
-- authenticator (32), key id and sealed code (a length of 1 byte and as many bytes each).

local found, others, others_expiry = false, '', 0
local guesses_of_code, guesses, messages, expiry, check, authenticator, key, sealed
local at = 1
while at <= #challenges do
    local id, of_code, in_all, count, ending, hash, code, key_id, encrypted, rest =
        struct.unpack('>c16BBBI6c16c32Bc0Bc0', challenges, at)
    if ending > now then
        if id == ARGV[1] then
            found, guesses_of_code, guesses, messages, expiry = true, of_code, in_all, count, ending
            check, authenticator, key, sealed = hash, code, key_id, encrypted
        else
            others = others .. string.sub(challenges, at, rest - 1)
            others_expiry = math.max(others_expiry, ending)
        end
    end
    at = rest
end
