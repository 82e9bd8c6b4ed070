-- Adds the record of a number under an earlier pseudonym to the one under the present pseudonym.
-- KEYS: number. ARGV: nothing twice, the earlier record. Reply: 1.

-- The latest times of both lists; what both hold counts once, so that merging again changes nothing.
local function merged(left, right, count)
    local times, held = {}, {}
    for i = 1, #left, 6 do
        local time = struct.unpack('>I6', left, i)
        times[#times + 1] = time
        held[time] = (held[time] or 0) + 1
    end
    for i = 1, #right, 6 do
        local time = struct.unpack('>I6', right, i)
        if (held[time] or 0) > 0 then
            held[time] = held[time] - 1
        else
            times[#times + 1] = time
        end
    end
    table.sort(times, function(one, other) return one > other end)
    for i = 1, #times do
        times[i] = struct.pack('>I6', times[i])
    end
    return string.sub(table.concat(times), 1, 6 * count)
end

local version, its_step, its_row, its_failures, its_sends = struct.unpack('>BBI2I2c0I2c0', ARGV[3])
assert(version == 1, 'a record of another version')
if #its_sends > 0 and struct.unpack('>I6', its_sends) + LIMITS.cooldown_reset > now then
    step = math.max(step, its_step)
end
if its_row > 0 and struct.unpack('>I6', its_failures) + LIMITS.row_retention > now then
    row = math.max(row, its_row)
end
sends = merged(sends, its_sends, LIMITS.largest_sends)
failures = merged(failures, its_failures, LIMITS.largest_failures)
local reply = 1
