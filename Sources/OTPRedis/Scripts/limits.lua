-- SPDX-License-Identifier: Apache-2.0
-- Determines the limit with the longest remaining wait: the kind of the limit, the position of its window, and the wait.
-- requires: now
-- defines: limit_kind, limit_index, wait, consider_windows

local limit_kind, limit_index, wait = 0, 0, 0

-- `windows` contains two numbers for each window: its count and its length. A window is full if its last `count` events are all
-- inside the window. An event has `size` bytes and begins with its time.
local function consider_windows(kind, events, size, windows)
    for i = 1, #windows / 2 do
        local first = #events + 1 - size * windows[2 * i - 1]
        if first >= 1 then
            local remaining = struct.unpack(SEND.format, events, first) + windows[2 * i] - now
            -- Ignore a timestamp further in the future than the tolerance, because the clock ran ahead and was corrected.
            if remaining > wait and remaining <= windows[2 * i] + LIMITS.tolerance then
                limit_kind, limit_index, wait = kind, i, remaining
            end
        end
    end
end
