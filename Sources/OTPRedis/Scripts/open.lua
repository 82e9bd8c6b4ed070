-- Opens the record of a number: the scripts that follow work on these locals, and `close.lua` writes them back.
--
-- The record: cooldown step (1 byte), the times of messages: their length in bytes (2) and as many times (6 each); then
-- the challenges, then the times of failures, and at the end: where in the record the counts of guesses of the challenge
-- stand that was guessed at last (2, or 0 for none), those counts as they are now (2), failures in a row (2), the length
-- of the times of failures (2), and the version (1). Times are milliseconds since 1970, oldest first; all numbers are
-- big-endian. `verify.lua` reads the record too: so made, it needs to write the end only.
--
-- `LIMITS.…` stands for the numbers of the policy: `Scripts.swift` writes them into the text.

local clock = redis.call('TIME')
local now = clock[1] * 1000 + clock[2] / 1000
now = now - now % 1

local step, row, failures, sends, challenges = 0, 0, '', '', ''
local record = redis.call('GET', KEYS[1])
if record then
    local at, guessed, of_code, in_all, failures_size, version
    guessed, of_code, in_all, row, failures_size, version = struct.unpack('>I2BBI2I2B', record, #record - 8)
    assert(version == 1, 'a record of another version')
    step, sends, at = struct.unpack('>BI2c0', record)
    local ending = #record - 9 - failures_size
    failures = string.sub(record, ending + 1, -10)
    challenges = string.sub(record, at, ending)
    if guessed > 0 then
        challenges = string.sub(record, at, guessed - 1) .. string.char(of_code, in_all)
            .. string.sub(record, guessed + 2, ending)
    end
    if row > 0 and struct.unpack('>I6', failures, #failures - 5) + LIMITS.row_retention <= now then
        row = 0
    end
end
