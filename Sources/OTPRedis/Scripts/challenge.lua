-- Finds the challenge whose identifier ARGV[1] begins with among those of the number, and drops those that have ended.
--
-- A challenge: identifier (16 bytes), check (16), key id (a length of 1 byte and as many bytes), authenticator (32),
-- guesses that are left (1), guesses made (1), expiry (6), messages (1), sealed code (a length of 1 byte and as many
-- bytes). `head` is what stands before the guesses.

local found, others, others_expiry = false, '', 0
local head, attempts, guesses, expiry, messages, sealed
local at, id = 1, string.sub(ARGV[1], 1, 16)
while at <= #challenges do
    local its_id, _, key_size = struct.unpack('>c16c16B', challenges, at)
    local counts = at + 65 + key_size
    local left, in_all, ending, count, encrypted, rest = struct.unpack('>BBI6BBc0', challenges, counts)
    if ending > now and ending <= now + LIMITS.longest_lifetime then
        if its_id ~= id then
            others = others .. string.sub(challenges, at, rest - 1)
            others_expiry = math.max(others_expiry, ending)
        elseif ending <= now + LIMITS.lifetime_bound then
            found, head = true, string.sub(challenges, at, counts - 1)
            attempts, guesses, expiry, messages, sealed = left, in_all, ending, count, encrypted
        end
    end
    at = rest
end
