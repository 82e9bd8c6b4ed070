-- SPDX-License-Identifier: Apache-2.0
-- Checks whether a resend is possible, before the send is counted.
-- requires: now, found, head, attempts_remaining, attempts_made, expiry, sends, sealed
-- changes: head, attempts_remaining, expiry, sealed
--
-- KEYS: the record. ARGV for a new code: the head of the challenge; the sealed code.
-- ARGV for the same code: ID and check as one string; the required length of the sealed code; the IDs of the keys that can open
-- the code, each with a length prefix.

-- If the purpose, the context or the tenant differs, the challenge is absent.
if not found
    or string.sub(head, HEAD.check + 1, HEAD.key_id_length) ~= string.sub(ARGV[1], HEAD.check + 1, HEAD.key_id_length)
then
    return struct.pack(OUTCOME.format, REPLY.absent, now)
end
if #ARGV[1] > HEAD.key_id_length then
    attempts_remaining = math.min(LIMITS.attempts_per_code, LIMITS.attempts_per_challenge - attempts_made)
    expiry = now + LIMITS.lifetime
    head, sealed = ARGV[1], ARGV[2]
else
    if #sealed ~= tonumber(ARGV[2]) then
        return struct.pack(OUTCOME.format, REPLY.absent, now)
    end
    local key_id, is_known = string.sub(head, HEAD.key_id_length + 1, -(AUTHENTICATOR.size + 1)), false
    for i = 3, #ARGV do
        is_known = is_known or ARGV[i] == key_id
    end
    if not is_known then
        return struct.pack(OUTCOME.format, REPLY.unknown_key, now)
    end
end
if attempts_remaining <= 0 then
    return struct.pack(OUTCOME.format, REPLY.exhausted, now)
end
if sends >= LIMITS.sends_per_challenge then
    return struct.pack(REFUSAL.format, REPLY.refused, now, LIMIT.sends_per_challenge, 0, 0)
end
