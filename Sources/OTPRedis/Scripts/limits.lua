-- SPDX-License-Identifier: Apache-2.0
-- Determines the limit with the longest remaining wait: its kind, its index among the windows, and the wait.
-- requires: now
-- defines: limit_kind, limit_index, wait, consider_windows

local limit_kind, limit_index, wait = 0, 0, 0

-- `windows` contains counts and lengths alternately. A window is full if the event `count` places from the end is still inside
-- the window. An event has `size` bytes and begins with its time.
local function consider_windows(kind, events, size, windows)
    for i = 1, #windows / 2 do
        local first = #events + 1 - size * windows[2 * i - 1]
        if first >= 1 then
            local remaining = struct.unpack(SEND.format, events, first) + windows[2 * i] - now
            -- Ignore a timestamp beyond the tolerance, because it is from a clock that ran ahead and was corrected.
            if remaining > wait and remaining <= windows[2 * i] + LIMITS.tolerance then
                limit_kind, limit_index, wait = kind, i, remaining
            end
        end
    end
end
