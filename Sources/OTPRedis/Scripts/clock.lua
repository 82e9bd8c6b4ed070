-- SPDX-License-Identifier: Apache-2.0
-- Replaces the clock record, unless another process has changed it in the meantime.
-- requires: nothing
--
-- KEYS: the clock record. ARGV: the expected record, or an empty string for a missing record; the new record.
-- Reply: the record after the call.

local record = redis.call('GET', KEYS[1]) or ''
if record ~= ARGV[1] then
    return record
end
redis.call('SET', KEYS[1], ARGV[2], 'PX', 'CLOCK.ttl')
return ARGV[2]
