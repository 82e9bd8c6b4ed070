-- Adds the record of a number under an earlier pseudonym to the one under the present pseudonym.
-- KEYS: number. ARGV: nothing, the earlier record. Reply: 1.

-- The latest times of both lists, earliest first; what both hold counts once, so that merging again changes nothing.
local function merged(left, right, span, count)
    local times, held = {}, {}
    for i = 1, #left, 6 do
        local time = string.sub(left, i, i + 5)
        times[#times + 1] = time
        held[time] = (held[time] or 0) + 1
    end
    for i = 1, #right, 6 do
        local time = string.sub(right, i, i + 5)
        if (held[time] or 0) > 0 then
            held[time] = held[time] - 1
        elseif struct.unpack('>I6', time) + span > now then
            times[#times + 1] = time
        end
    end
    -- Of as many bytes each and big-endian, so that the order of the bytes is that of the times.
    table.sort(times)
    return string.sub(table.concat(times), -6 * count)
end

local version, its_step, its_row, its_row_time, its_sends, its_failures = struct.unpack('>BBI2I6I2c0I2c0', ARGV[2])
assert(version == 1, 'a record of another version')
if #its_sends > 0 and struct.unpack('>I6', its_sends, #its_sends - 5) + LIMITS.cooldown_reset > now then
    step = math.max(step, its_step)
end
if its_row_time + LIMITS.row_retention > now then
    row, row_time = math.max(row, its_row), math.max(row_time, its_row_time)
end
sends = merged(sends, its_sends, LIMITS.send_span, LIMITS.largest_sends)
failures = merged(failures, its_failures, LIMITS.failure_span, LIMITS.largest_failures)
local reply = 1
