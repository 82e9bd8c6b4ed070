-- SPDX-License-Identifier: Apache-2.0
-- Writes the record of a phone number. The TTL of the record outlasts all limits that depend on the record.
-- requires: now, record, cooldown_step, send_times, refused_sends, last_refusal, failures, failure_streak, reply
-- requires: found, head, attempts_remaining, attempts_made, expiry, sends, sealed, others, others_expiry
-- changes: record, failures, others, others_expiry

local sends_block = refused_sends > 0 and struct.pack(REFUSALS.format, refused_sends, last_refusal) .. send_times
    or send_times
local counts_position, state_remaining, state_made, state_expiry = 0, 0, 0, 0
if found then
    counts_position, state_remaining, state_made, state_expiry =
        (HEADER.size + 1) + #sends_block + #head, attempts_remaining, attempts_made, expiry
    others = head .. struct.pack(COUNTS.format, attempts_remaining, attempts_made, expiry, sends, #sealed, sealed) .. others
    if expiry > others_expiry then
        others_expiry = expiry
    end
end
-- Keep the last failed attempt as long as the failure streak, because the time of this attempt determines the reset of the
-- streak.
while #failures > (failure_streak > 0 and FAILURE.size or 0)
    and struct.unpack(SEND.format, failures) + LIMITS.failure_span <= now
do
    failures = string.sub(failures, FAILURE.size + 1)
end
-- Write an empty record instead of deleting the record, because a server that is out of memory allows deletions but rejects
-- writes.
local record_expiry = others_expiry
if #send_times > 0 then
    local sends_expiry = struct.unpack(SEND.format, send_times, #send_times - (SEND.size - 1)) + LIMITS.send_span
    if sends_expiry > record_expiry then
        record_expiry = sends_expiry
    end
end
if refused_sends > 0 then
    record_expiry = math.max(record_expiry, last_refusal + LIMITS.refused_span)
end
if #failures > 0 then
    -- Add one day, because `verify.lua` renews the TTL only once per day.
    local last_failure = struct.unpack(SEND.format, failures, #failures - (FAILURE.size - 1)) + LIMITS.day
    record_expiry = math.max(record_expiry, last_failure + LIMITS.failure_span)
    if failure_streak > 0 then
        record_expiry = math.max(record_expiry, last_failure + LIMITS.streak_retention)
    end
end
-- Readers use only the last state. Therefore the first state is filled with zeros, and the last state is replaced.
local earlier_states = #failures > 0 and string.rep('\0', STATE.size) .. string.sub(failures, 1, -(STATE.size + 1)) or ''
record = struct.pack(HEADER.format, cooldown_step, #sends_block, sends_block) .. others .. earlier_states
    .. struct.pack(
        STATE.format,
        #failures / FAILURE.size,
        counts_position,
        state_remaining,
        state_made,
        state_expiry,
        failure_streak,
        RECORD.version
    )
redis.call('PSETEX', KEYS[1], string.format('%d', math.max(1, record_expiry - now)), record)
return reply
