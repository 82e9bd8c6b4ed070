-- Opens the record of a number: the scripts that follow work on these locals, and `close.lua` writes them back.
--
-- The record: version (1 byte), cooldown step (1), failures in a row (2), then the times of failures and the times of
-- messages: their length in bytes (2) and as many times (6 each), latest first; then the challenges. All numbers are big-endian; times are milliseconds since 1970. `verify.lua` reads it too.
--
-- `LIMITS.…` stands for the numbers of the policy: `Scripts.swift` writes them into the text.

local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

local step, row, failures, sends, challenges = 0, 0, '', '', ''
local record = redis.call('GET', KEYS[1])
if record then
    local version, at
    version, step, row, failures, sends, at = struct.unpack('>BBI2I2c0I2c0', record)
    assert(version == 1, 'a record of another version')
    challenges = string.sub(record, at)
    if row > 0 and struct.unpack('>I6', failures) + LIMITS.row_retention <= now then
        row = 0
    end
end
