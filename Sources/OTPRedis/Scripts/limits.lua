-- SPDX-License-Identifier: Apache-2.0
-- Looks for the limit that refuses now and lasts longest: its kind, its index among the windows, and the remaining wait.
-- requires: now
-- defines: limit_kind, limit_index, wait, consider_windows

local limit_kind, limit_index, wait = 0, 0, 0

-- `windows` alternates counts and lengths. A window is full if the event `count` places back is still inside it. An event
-- takes `size` bytes and begins with its time.
local function consider_windows(kind, events, size, windows)
    for i = 1, #windows / 2 do
        local first = #events + 1 - size * windows[2 * i - 1]
        if first >= 1 then
            local remaining = struct.unpack(SEND.format, events, first) + windows[2 * i] - now
            -- A timestamp beyond the tolerance comes from a clock that ran ahead and was corrected: ignore it.
            if remaining > wait and remaining <= windows[2 * i] + LIMITS.tolerance then
                limit_kind, limit_index, wait = kind, i, remaining
            end
        end
    end
end
