-- Adds the record of a number under an earlier pseudonym to the one under the present pseudonym.
-- KEYS: number. ARGV: limits, the earlier record. Reply: 1.

-- The latest times of both lists, earliest first; what both hold counts once, so that merging again changes nothing.
local function merged(left, right, count)
    local times, held = {}, {}
    for i = 1, #left do
        times[i] = left[i]
        held[left[i]] = (held[left[i]] or 0) + 1
    end
    for i = 1, #right do
        local number_held = held[right[i]] or 0
        if number_held > 0 then
            held[right[i]] = number_held - 1
        else
            times[#times + 1] = right[i]
        end
    end
    table.sort(times)
    return last_of(times, count)
end

local limits = read_limits(ARGV[1])
local number = read_number(redis.call('GET', KEYS[1]), limits)
local earlier = read_number(ARGV[2], limits)
number.sends = merged(number.sends, earlier.sends, math.max(1, largest(limits.sends)))
number.step = math.max(number.step, earlier.step)
number.failures = merged(number.failures, earlier.failures, largest(limits.failures))
number.row = math.max(number.row, earlier.row)
number.row_time = math.max(number.row_time, earlier.row_time)
local lifetime = lifetime_of(number, limits)
if lifetime > 0 then
    redis.call('SET', KEYS[1], write_number(number), 'PX', text_of(lifetime))
end
return 1
