-- SPDX-License-Identifier: Apache-2.0
-- Returns the run-time modes, after the change of one rule if there is one.
-- requires: now
--
-- KEYS: the modes. ARGV: nothing, or the entry of the rule with its mode and whether to keep the entry.
-- Reply: the time, and the modes: their version and an entry for each rule.

local modes = redis.call('GET', KEYS[1]) or MODES.none
if #ARGV > 0 then
    local entries, name_size = '', ENTRY.size - 1
    for i = MODES.size + 1, #modes, ENTRY.size do
        if string.sub(modes, i, i + name_size - 1) ~= string.sub(ARGV[1], 1, name_size) then
            entries = entries .. string.sub(modes, i, i + name_size)
        end
    end
    if ARGV[2] == '1' then
        entries = entries .. ARGV[1]
    end
    -- The version is at least the current time, so that a server that lost its data does not repeat a version.
    modes = struct.pack(MODES.format, math.max(struct.unpack(MODES.format, modes) + 1, now)) .. entries
    redis.call('SET', KEYS[1], modes, 'PXAT', (now + MODES.lifetime) * 1000 + 999)
end
return struct.pack(LEDGER.time_format, now) .. modes
