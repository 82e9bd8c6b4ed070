-- Looks for the limit that refuses now and lasts longest: its kind, which of several it is, and the wait.
-- The kinds are those of `ScriptReply.swift`.

local COOLDOWN, SENDS, FAILURES, ROW, SENDS_PER_CHALLENGE, REFUSED = 1, 2, 3, 4, 5, 6
local kind, index, wait = 0, 0, 0

-- Windows are pairs of a count and a length; one is full if the event so many places back is still in it. Each event
-- takes `size` bytes, its time first.
local function consider_windows(its_kind, events, size, windows)
    for i = 1, #windows / 2 do
        local first = #events + 1 - size * windows[2 * i - 1]
        if first >= 1 then
            local its_wait = struct.unpack('>I6', events, first) + windows[2 * i] - now
            -- A time that lies ahead by more than a little comes from a clock that was wrong, and is put right.
            if its_wait > wait and its_wait <= windows[2 * i] + LIMITS.tolerance then
                kind, index, wait = its_kind, i, its_wait
            end
        end
    end
end
