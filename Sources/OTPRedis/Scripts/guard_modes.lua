-- SPDX-License-Identifier: Apache-2.0
-- Returns the run-time modes, and optionally changes the mode of one rule first.
-- requires: now
--
-- KEYS: the modes. ARGV: nothing, or the entry of the rule to change; 1 to set the entry, or 0 to remove it.
-- Reply: the time, the version of the modes, and an entry for each rule with a run-time mode.

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
    -- The version is at least the current time, so that a server does not reuse a version after a loss of its data.
    modes = struct.pack(MODES.format, math.max(struct.unpack(MODES.format, modes) + 1, now)) .. entries
    redis.call('SET', KEYS[1], modes, 'PXAT', (now + MODES.lifetime) * 1000 + 999)
end
return struct.pack(LEDGER.time_format, now) .. modes
