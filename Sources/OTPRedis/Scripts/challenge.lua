-- SPDX-License-Identifier: Apache-2.0
-- Finds the challenge with the ID at the beginning of ARGV[1], and removes expired challenges.
-- requires: now, challenges
-- defines: found, head, attempts_remaining, attempts_made, expiry, sends, sealed, others, others_expiry
--
-- `head` contains the fields of the found challenge before its counts. `others` contains all other live challenges.

local found, others, others_expiry = false, '', 0
local head, attempts_remaining, attempts_made, expiry, sends, sealed
local challenge_start, wanted_id = 1, string.sub(ARGV[1], 1, HEAD.check)
while challenge_start <= #challenges do
    local id, _, key_id_length = struct.unpack(HEAD.format, challenges, challenge_start)
    local counts = challenge_start + (HEAD.size + AUTHENTICATOR.size) + key_id_length
    local its_remaining, its_made, its_expiry, its_sends, its_sealed, next_start =
        struct.unpack(COUNTS.format, challenges, counts)
    if its_expiry > now and its_expiry <= now + LIMITS.longest_lifetime then
        if id ~= wanted_id then
            others = others .. string.sub(challenges, challenge_start, next_start - 1)
            others_expiry = math.max(others_expiry, its_expiry)
        elseif its_expiry <= now + LIMITS.lifetime_bound then
            found, head = true, string.sub(challenges, challenge_start, counts - 1)
            attempts_remaining, attempts_made, expiry, sends, sealed =
                its_remaining, its_made, its_expiry, its_sends, its_sealed
        end
    end
    challenge_start = next_start
end
