-- Adds the record of a number under an earlier pseudonym to the one under the present pseudonym.
-- KEYS: number. ARGV: nothing, the earlier record. Reply: 1.

-- The latest events of both lists, each with its time first; what both hold counts once, so that merging again changes
-- nothing.
local function merged(left, right, size, count)
    local times, held = {}, {}
    for i = 1, #left, size do
        local time = struct.unpack('>I6', left, i)
        times[#times + 1] = time
        held[time] = (held[time] or 0) + 1
    end
    for i = 1, #right, size do
        local time = struct.unpack('>I6', right, i)
        if (held[time] or 0) > 0 then
            held[time] = held[time] - 1
        else
            times[#times + 1] = time
        end
    end
    table.sort(times)
    for i = 1, #times do
        times[i] = struct.pack('>I6', times[i]) .. string.rep('\0', size - 6)
    end
    return string.sub(table.concat(times), -size * count)
end

local earlier = ARGV[2]
local its_count, _, _, _, _, its_row, version = struct.unpack('>BI3BBI6BB', earlier, #earlier - 13)
assert(version == 2, 'a record of another version')
local its_failures = string.sub(earlier, #earlier - 20 * its_count + 1)
local its_step, its_sends = struct.unpack('>BHc0', earlier)
if #its_sends > 0 and struct.unpack('>I6', its_sends, #its_sends - 5) + LIMITS.cooldown_reset > now then
    step = math.max(step, its_step)
end
if its_row > 0 and struct.unpack('>I6', its_failures, #its_failures - 19) + LIMITS.row_retention > now then
    row = math.max(row, its_row)
end
sends = merged(sends, its_sends, 6, LIMITS.largest_sends)
failures = merged(failures, its_failures, 20, LIMITS.largest_failures)
local reply = 1
