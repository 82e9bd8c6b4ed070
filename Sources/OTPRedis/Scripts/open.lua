-- Opens the record of a number: the scripts that follow work on these locals, and `close.lua` writes them back.
--
-- The record: cooldown step (1 byte), the messages: their length in bytes (2) and as many times (6 each), before which the
-- number of refused messages in a row (1) and the time of the last refusal (6) stand if there was one; then the
-- challenges; then a state (14), and for each failure its time (6) and the state after it (14). Only the last state
-- counts: the number of failures (1), where in the record the counts of one challenge stand (3, or 0 for none), those
-- counts as they are now (2) and the end of that challenge (6), failures in a row (1), and the version (1). The
-- challenge is the one that was guessed, or worked on by another script, last. Times are milliseconds since 1970,
-- oldest first; all numbers are big-endian. So made, `verify.lua` mostly has to append to the record only.
--
-- `LIMITS.…` stands for the numbers of the policy: `Scripts.swift` writes them into the text.

local clock = redis.call('TIME')
local now = clock[1] * 1000 + clock[2] / 1000
now = now - now % 1

local step, row, failures, sends, challenges = 0, 0, '', '', ''
local refused, refusal = 0, 0
local record = redis.call('GET', KEYS[1])
if record then
    local at, count, guessed, left, in_all, version, _
    count, guessed, left, in_all, _, row, version = struct.unpack('>BI3BBI6BB', record, #record - 13)
    assert(version == 3, 'a record of another version')
    step, sends, at = struct.unpack('>BHc0', record)
    if #sends % 6 == 1 then
        refused, refusal = struct.unpack('>BI6', sends)
        sends = string.sub(sends, 8)
    end
    local ending = #record - 14 - 20 * count
    failures = string.sub(record, ending + 15)
    challenges = string.sub(record, at, ending)
    if in_all > 0 then
        challenges = string.sub(record, at, guessed - 1) .. string.char(left, in_all)
            .. string.sub(record, guessed + 2, ending)
    end
    if row > 0 and struct.unpack('>I6', failures, #failures - 19) + LIMITS.row_retention <= now then
        row = 0
    end
end
