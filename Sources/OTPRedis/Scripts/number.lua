-- What every script shares: the time, the limits, and the record of one number.
--
-- The record: version (1 byte), cooldown step (1), failures in a row (2), time of the last of them (6),
-- then the times of messages and the times of failures: a count (1) and as many times (6 each), earliest first.
-- All numbers are big-endian; times are milliseconds since 1970.

local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

-- Whole numbers as text: Lua 5.4 would write a fraction.
local function text_of(number)
    return string.format('%d', number)
end

local function read_windows(packed, at)
    local windows, count = {}, 0
    count, at = struct.unpack('>B', packed, at)
    for i = 1, count do
        local window = {}
        window.count, window.length, at = struct.unpack('>BI6', packed, at)
        windows[i] = window
    end
    return windows, at
end

local function read_limits(packed)
    local limits, at, count = { cooldown = {} }, 1, 0
    limits.life, limits.guesses_per_code, limits.guesses_per_challenge, limits.sends_per_challenge,
        limits.row, limits.row_retention, limits.cooldown_reset, count, at =
        struct.unpack('>I4BBBI2I6I6B', packed)
    for i = 1, count do
        limits.cooldown[i], at = struct.unpack('>I4', packed, at)
    end
    limits.sends, at = read_windows(packed, at)
    limits.failures, at = read_windows(packed, at)
    return limits
end

local function longest(windows)
    local length = 0
    for i = 1, #windows do
        length = math.max(length, windows[i].length)
    end
    return length
end

local function largest(windows)
    local count = 0
    for i = 1, #windows do
        count = math.max(count, windows[i].count)
    end
    return count
end

local function read_times(packed, at)
    local times, count = {}, 0
    count, at = struct.unpack('>B', packed, at)
    for i = 1, count do
        times[i], at = struct.unpack('>I6', packed, at)
    end
    return times, at
end

local function write_times(times)
    local parts = { struct.pack('>B', #times) }
    for i = 1, #times do
        parts[i + 1] = struct.pack('>I6', times[i])
    end
    return table.concat(parts)
end

-- The times that are still within a span.
local function within(times, span)
    local kept = {}
    for i = 1, #times do
        if times[i] + span > now then
            kept[#kept + 1] = times[i]
        end
    end
    return kept
end

-- The last times of a list: no window can hold more.
local function last_of(times, count)
    while #times > count do
        table.remove(times, 1)
    end
    return times
end

local function send_span(limits)
    return math.max(limits.cooldown_reset, longest(limits.sends))
end

local function decode_number(packed)
    local number = { step = 0, row = 0, row_time = 0, sends = {}, failures = {} }
    if packed then
        local version, at
        version, number.step, number.row, number.row_time, at = struct.unpack('>BBI2I6', packed)
        assert(version == 1, 'a record of another version')
        number.sends, at = read_times(packed, at)
        number.failures, at = read_times(packed, at)
    end
    return number
end

-- Reads a record and forgets what no limit depends on any more.
local function read_number(packed, limits)
    local number = decode_number(packed)
    local last = number.sends[#number.sends]
    if not last or last + limits.cooldown_reset <= now then
        number.step = 0
    end
    number.sends = within(number.sends, send_span(limits))
    number.failures = within(number.failures, longest(limits.failures))
    if number.row > 0 and number.row_time + limits.row_retention <= now then
        number.row = 0
    end
    if number.row == 0 then
        number.row_time = 0
    end
    return number
end

local function write_number(number)
    return struct.pack('>BBI2I6', 1, number.step, number.row, number.row_time)
        .. write_times(number.sends) .. write_times(number.failures)
end

-- The milliseconds for which a record still matters; 0 if it does not.
local function lifetime_of(number, limits)
    local expiry = now
    if #number.sends > 0 then
        expiry = math.max(expiry, number.sends[#number.sends] + send_span(limits))
    end
    if #number.failures > 0 then
        expiry = math.max(expiry, number.failures[#number.failures] + longest(limits.failures))
    end
    if number.row > 0 then
        expiry = math.max(expiry, number.row_time + limits.row_retention)
    end
    return expiry - now
end

-- The kinds of limit in a refusal; `ScriptReply.swift` reads the same numbers.
local COOLDOWN, SENDS, FAILURES, ROW, SENDS_PER_CHALLENGE = 1, 2, 3, 4, 5

local function consider(refusal, kind, index, time)
    if time and time - now > refusal.wait then
        refusal.kind, refusal.index, refusal.wait = kind, index, time - now
    end
end

local function consider_windows(refusal, kind, times, windows)
    for i = 1, #windows do
        local first = times[#times - windows[i].count + 1]
        consider(refusal, kind, i, first and first + windows[i].length)
    end
end

local function consider_sends(refusal, number, limits)
    local last = number.sends[#number.sends]
    if number.step > 0 and last and #limits.cooldown > 0 then
        consider(refusal, COOLDOWN, 0, last + limits.cooldown[math.min(number.step, #limits.cooldown)])
    end
    consider_windows(refusal, SENDS, number.sends, limits.sends)
    return refusal
end

local function no_refusal()
    return { kind = 0, index = 0, wait = 0 }
end

-- The limit that refuses a guess now and lasts longest; its wait is 0 if none does.
local function refusal_of_guess(number, limits)
    local refusal = no_refusal()
    consider_windows(refusal, FAILURES, number.failures, limits.failures)
    return refusal
end

-- The same for a message: a number that takes no guess gets no message either.
local function refusal_of_send(number, limits)
    return consider_sends(refusal_of_guess(number, limits), number, limits)
end

local function opens_at(number, limits)
    return now + consider_sends(no_refusal(), number, limits).wait
end

local function record_send(number, limits)
    number.sends[#number.sends + 1] = now
    last_of(number.sends, math.max(1, largest(limits.sends)))
    number.step = math.min(number.step + 1, 255)
end
