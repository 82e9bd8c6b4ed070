-- SPDX-License-Identifier: Apache-2.0
-- Reads the record of a phone number into local variables. Later fragments change the variables, and `close.lua` writes the
-- record.
-- requires: nothing
-- defines: now, record, cooldown_step, send_times, refused_sends, last_refusal, challenges, failures, failure_streak
--
-- `Docs/Record.md` describes the layout of the record. Times are milliseconds since 1970, in ascending order. Names in capitals
-- with a field after a dot are constants, which `ScriptTemplate.swift` replaces by their values.

local clock = redis.call('TIME')
local now = clock[1] * 1000 + clock[2] / 1000
now = now - now % 1

local cooldown_step, failure_streak, failures, send_times, challenges = 0, 0, '', '', ''
local refused_sends, last_refusal = 0, 0
local record = redis.call('GET', KEYS[1])
if record then
    local challenges_start, failure_count, counts_position, attempts_remaining, attempts_made, version, _
    failure_count, counts_position, attempts_remaining, attempts_made, _, failure_streak, version =
        struct.unpack(STATE.format, record, #record - (STATE.size - 1))
    assert(version == RECORD.version, 'a record of another version')
    cooldown_step, send_times, challenges_start = struct.unpack(HEADER.format, record)
    if #send_times % SEND.size == REFUSALS.size % SEND.size then
        refused_sends, last_refusal = struct.unpack(REFUSALS.format, send_times)
        send_times = string.sub(send_times, REFUSALS.size + 1)
    end
    local challenges_end = #record - STATE.size - FAILURE.size * failure_count
    failures = string.sub(record, challenges_end + (STATE.size + 1))
    challenges = string.sub(record, challenges_start, challenges_end)
    if attempts_made > 0 then
        -- The counts in the state are newer than the counts in the challenge.
        challenges = string.sub(record, challenges_start, counts_position - 1)
            .. string.char(attempts_remaining, attempts_made)
            .. string.sub(record, counts_position + COUNTS.expiry, challenges_end)
    end
    if failure_streak > 0
        and struct.unpack(SEND.format, failures, #failures - (FAILURE.size - 1)) + LIMITS.streak_retention <= now
    then
        failure_streak = 0
    end
end
