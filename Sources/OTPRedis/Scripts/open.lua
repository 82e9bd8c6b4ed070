-- Opens the record of a number: every script that follows works on these locals, and `close.lua` writes them back.
--
-- The record: version (1 byte), cooldown step (1), failures in a row (2), time of the last of them (6), then the times of
-- messages and the times of failures: their length in bytes (2) and as many times (6 each), earliest first; then the
-- challenges. All numbers are big-endian; times are milliseconds since 1970.
--
-- `LIMITS.…` stands for the numbers of the policy: `Scripts.swift` writes them into the text.

local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

local step, row, row_time, sends, failures, challenges = 0, 0, 0, '', '', ''
local record = redis.call('GET', KEYS[1])
if record then
    local version, at
    version, step, row, row_time, sends, failures, at = struct.unpack('>BBI2I6I2c0I2c0', record)
    assert(version == 1, 'a record of another version')
    challenges = string.sub(record, at)
    if row_time + LIMITS.row_retention <= now then
        row, row_time = 0, 0
    end
end
