-- SPDX-License-Identifier: Apache-2.0
-- Counts an attempt, compares it with the code, and consumes the challenge on a match.
-- requires: nothing
--
-- KEYS: the record. ARGV: for each key of the service, the head of a challenge with the authenticator of the attempt under this
-- key.
-- Reply: the number time * VERDICT.time + kind * VERDICT.kind + attempts remaining; or a refusal with the kind locked.
--
-- The script is the hot path of a brute-force attack, so it parses the record in place. For a wrong code, the script usually
-- only appends to the record. This is about half the work of `open.lua` and `close.lua`.

-- Cache globals in locals: global lookups are slower.
local redis, struct, KEYS, candidate = redis, struct, KEYS, ARGV[1]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + clock[2] / 1000
now = now - now % 1
local record = redis.call('GET', KEYS[1])
if not record then
    return now * VERDICT.time + REPLY.absent * VERDICT.kind
end
-- Search for the ID, the check and the key ID. The ID and the check are hashes, so an attacker cannot choose bytes that occur
-- elsewhere in the record.
local start = record:find(candidate:sub(1, -(AUTHENTICATOR.size + 1)), HEADER.size + 1, true)
local counts
if start then
    counts = start + #candidate
else
    for i = 2, #ARGV do
        candidate = ARGV[i]
        start = record:find(candidate:sub(1, -(AUTHENTICATOR.size + 1)), HEADER.size + 1, true)
        if start then
            counts = start + #candidate
            break
        end
    end
    if not start then
        candidate = nil
        start = record:find(ARGV[1]:sub(1, HEAD.key_id_length), HEADER.size + 1, true)
        if not start then
            assert(record:byte(-1) == RECORD.version, 'a record of another version')
            return now * VERDICT.time + REPLY.absent * VERDICT.kind
        end
        counts = start + (HEAD.size + AUTHENTICATOR.size) + record:byte(start + HEAD.key_id_length)
    end
end
-- Without failed attempts, `last_failure` has an arbitrary value. This value has no effect, because the failure streak is 0.
local last_failure, failure_count, counts_position, attempts_remaining, attempts_made, expiry, failure_streak, version =
    struct.unpack(FAILURE.format, record, #record - (FAILURE.size - 1))
if version ~= RECORD.version then
    error('a record of another version')
end
local has_moved
if counts_position ~= counts then
    if attempts_made > 0 then
        -- The state contains the counts of another challenge. Write these counts into the other challenge.
        record = record:sub(1, counts_position - 1) .. string.char(attempts_remaining, attempts_made)
            .. record:sub(counts_position + COUNTS.expiry)
        has_moved = true
    end
    attempts_remaining, attempts_made, expiry = struct.unpack(COUNTS.attempts_format, record, counts)
end
if expiry <= now then
    return now * VERDICT.time + REPLY.absent * VERDICT.kind
end
if expiry > now + LIMITS.lifetime_bound then
    -- The challenge was created while the clock ran ahead. Clear the expiry, so that the challenge does not become valid later.
    record = record:sub(1, counts + (COUNTS.expiry - 1)) .. SEND.zeros .. record:sub(counts + COUNTS.sends)
    if counts_position == counts then
        record = record:sub(1, -(STATE.size - STATE.expiry + 1)) .. SEND.zeros
            .. record:sub(-(STATE.size - STATE.failure_streak))
    end
    redis.call('SET', KEYS[1], record, 'KEEPTTL')
    return now * VERDICT.time + REPLY.absent * VERDICT.kind
end
if attempts_remaining <= 0 then
    return now * VERDICT.time + REPLY.exhausted * VERDICT.kind
end
if last_failure + LIMITS.streak_retention <= now then
    failure_streak = 0
end
if failure_streak >= LIMITS.failure_streak then
    return struct.pack(REFUSAL.format, REPLY.locked, now, LIMIT.failure_streak, 0, 0)
end
-- An attacker may have caused the lockout. The first attempt for a challenge is still allowed, because the owner of the number
-- may have the code.
if failure_count >= LIMITS.smallest_failures and attempts_made > 0 then
    local windows, limit_index, wait = LIMITS.failures, 0, 0
    for i = 1, #windows / 2 do
        if windows[2 * i - 1] <= failure_count then
            local remaining = struct.unpack(SEND.format, record, #record + 1 - FAILURE.size * windows[2 * i - 1])
                + windows[2 * i] - now
            if remaining > wait and remaining <= windows[2 * i] + LIMITS.tolerance then
                limit_index, wait = i, remaining
            end
        end
    end
    if wait > 0 then
        return struct.pack(REFUSAL.format, REPLY.locked, now, LIMIT.failures, limit_index, wait)
    end
end
if not candidate then
    return now * VERDICT.time + REPLY.unknown_key * VERDICT.kind
end

if record:find(candidate, start, true) then
    local rest = counts + COUNTS.size + record:byte(counts + COUNTS.sealed_length)
    -- Keep the number of failed attempts in the last state, but clear the counts of the challenge and the failure streak.
    local consumed = '\0' .. record:sub(HEADER.sends_length + 1, start - 1) .. record:sub(rest, -STATE.size)
        .. STATE.cleared
    -- Write the record even if it is empty. A server that is out of memory rejects writes but allows deletions, so a successful
    -- deletion would reveal that the code is right.
    if failure_streak > 0 then
        redis.call('SET', KEYS[1], consumed, 'PX', 'LIMITS.record_ttl')
    else
        redis.call('SET', KEYS[1], consumed, 'KEEPTTL')
    end
    return now * VERDICT.time
end

if failure_count >= LIMITS.largest_failures then
    -- Remove the oldest failed attempt, or several failed attempts if a limit was reduced. The state before them remains, and
    -- is ignored by readers.
    local surplus = failure_count - LIMITS.largest_failures + 1
    local kept_end = #record - FAILURE.size * failure_count
    record = record:sub(1, kept_end) .. record:sub(kept_end + FAILURE.size * surplus + 1)
    failure_count = failure_count - surplus
    has_moved = true
end
local failure = struct.pack(
    FAILURE.format,
    now,
    failure_count + 1,
    counts,
    attempts_remaining - 1,
    attempts_made + 1,
    expiry,
    failure_streak + 1,
    RECORD.version
)
-- If the Redis user may not run `APPEND`, count the attempt with `SET`. Otherwise wrong codes would not be counted.
if has_moved or redis.pcall('APPEND', KEYS[1], failure) ~= #record + FAILURE.size then
    redis.call('SET', KEYS[1], record .. failure, 'KEEPTTL')
end
-- Only the first failed attempt of a day renews the TTL of the record, so the TTL is one day longer than needed.
if failure_streak == 0 or last_failure < now - now % LIMITS.day then
    redis.call('PEXPIRE', KEYS[1], 'LIMITS.streak_record_ttl')
end
return now * VERDICT.time + (REPLY.mismatched * VERDICT.kind - 1) + attempts_remaining
