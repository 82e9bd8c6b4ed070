-- SPDX-License-Identifier: Apache-2.0
-- Defines functions that decode, advance and encode the record of a scope, like `ScopeRecord.swift`.
-- requires: now, today, drain
-- defines: opened, advance, keep, values, expiries
--
-- A record and its rules are arrays. The constants SCOPE.… and RULE.… are positions in these arrays, from `GuardLayout.swift`.

-- Decodes a stored record; returns an empty record if there is no stored record.
local function opened(stored)
    if not stored then
        return { today, 0, 0, 0, 0, 0, 0, now, 0, now, 0, SCOPE.present_version, '' }
    end
    local scope = { struct.unpack(SCOPE.format, stored) }
    assert(scope[SCOPE.version] == SCOPE.present_version, 'a record of another version')
    scope[SCOPE.destinations] = #stored == SCOPE.size and '' or string.sub(stored, SCOPE.size + 1)
    return scope
end

local function without_an_eighth(peak)
    return peak - (peak + 7 - (peak + 7) % 8) / 8
end

-- Starts a new day if the day has changed, and drains both buckets.
local function advance(scope, rules)
    if today > scope[SCOPE.day] then
        local peak, days = without_an_eighth(scope[SCOPE.peak]), today - scope[SCOPE.day] - 1
        if scope[SCOPE.verified] > peak then
            peak = scope[SCOPE.verified]
        end
        while days > 0 and peak > 0 do
            peak, days = without_an_eighth(peak), days - 1
        end
        scope[SCOPE.peak], scope[SCOPE.sent], scope[SCOPE.spent], scope[SCOPE.verified] = peak, 0, 0, 0
    end
    -- If the clock was set back to an earlier day, keep the counts, so that the change of the clock resets no budget. The next
    -- midnight resets the counts.
    scope[SCOPE.day] = today
    scope[SCOPE.level], scope[SCOPE.step], scope[SCOPE.since] = drain(
        scope[SCOPE.level], scope[SCOPE.step], scope[SCOPE.since], rules[RULE.unverified_pause],
        rules[RULE.unverified_doublings])
    local _
    scope[SCOPE.failures], _, scope[SCOPE.failures_since] = drain(
        scope[SCOPE.failures], 0, scope[SCOPE.failures_since], rules[RULE.failures_pause], 0)
end

-- Returns the TTL of a record in seconds. Comparisons are faster than calls of math.max.
local function lifetime(scope, rules)
    local seconds = scope[SCOPE.level] * rules[RULE.unverified_pause]
    local other = scope[SCOPE.failures] * rules[RULE.failures_pause]
    if other > seconds then seconds = other end
    other = scope[SCOPE.locked_until] - now
    if other > seconds then seconds = other end
    if seconds < rules[RULE.retention] then
        local share = rules[RULE.unverified_share]
        if share > 0 and (scope[SCOPE.peak] >= share or scope[SCOPE.verified] >= share)
            or rules[RULE.unverified_doublings] > 0 and (scope[SCOPE.level] > 0 or scope[SCOPE.step] > 0)
        then
            seconds = rules[RULE.retention]
        end
    end
    if seconds < LEDGER.day then
        if #scope[SCOPE.destinations] > DESTINATION.size then
            seconds = LEDGER.day
        elseif scope[SCOPE.sent] > 0 and rules[RULE.counts_days] == 1 then
            other = LEDGER.day - now % LEDGER.day
            if other > seconds then seconds = other end
        end
    end
    return seconds == 0 and 1 or seconds + LEDGER.tolerance
end

local values, expiries, written = {}, {}, {}

-- Prepares the encoded record and its expiry for `guard_write.lua`.
local function keep(position, scope, rules)
    values[position] = struct.pack(
        SCOPE.format, scope[SCOPE.day], scope[SCOPE.sent], scope[SCOPE.spent], scope[SCOPE.verified],
        scope[SCOPE.peak], scope[SCOPE.level], scope[SCOPE.step], scope[SCOPE.since], scope[SCOPE.failures],
        scope[SCOPE.failures_since], scope[SCOPE.locked_until], scope[SCOPE.version]
    ) .. scope[SCOPE.destinations]
    -- Cache the text of each expiry, because formatting a number costs as much as a command, and many records have the same
    -- expiry.
    local seconds = now + lifetime(scope, rules)
    if not written[seconds] then
        -- The record expires in the last millisecond of its last second. Only some versions of Redis still return it in this
        -- millisecond.
        written[seconds] = string.format('%d', seconds * 1000 + 999)
    end
    expiries[position] = written[seconds]
end
