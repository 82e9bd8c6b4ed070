-- SPDX-License-Identifier: Apache-2.0
-- Defines the arithmetic of a leaky bucket, like `LeakyBucket.swift`. All numbers are integers below 2^53.
-- requires: now
-- defines: drain, seconds_below

-- Drains a bucket, and returns the level, the step and the start of the current pause.
local function drain(level, step, since, pause, doublings)
    -- If the start is further in the future than the tolerance, the clock ran ahead and was corrected. The pause then begins
    -- again.
    if level == 0 or since > now + LEDGER.tolerance then
        return level, step, now
    end
    local doubled = pause * 2 ^ step
    if now - since < doubled then
        return level, step, since
    end
    while level > 0 and step < doublings do
        if now - since < doubled then
            return level, step, since
        end
        level, step, since, doubled = level - 1, step + 1, since + doubled, doubled * 2
    end
    local elapsed = now > since and now - since or 0
    local drained = (elapsed - elapsed % doubled) / doubled
    if drained >= level then
        return 0, step, now
    end
    return level - drained, step, since + drained * doubled
end

-- Returns the number of seconds until the level is below a capacity.
local function seconds_below(capacity, level, step, since, pause, doublings)
    local units, wait, doubled = level - capacity + 1, since - now, pause * 2 ^ step
    while units > 0 and step < doublings do
        units, step, wait, doubled = units - 1, step + 1, wait + doubled, doubled * 2
    end
    return wait + units * doubled
end
