-- SPDX-License-Identifier: Apache-2.0
-- Decodes the records, and marks quiet records. In a quiet record, no rule can have a finding about any send of this call.
-- requires: now, rules, stored, opened, advance
-- defines: scopes, capacities, checked_capacities, passes, totals, quiet, are_all_quiet
--
-- Quiet records need no separate check for each send. Most records are quiet, because they are far below their thresholds.
--
-- ARGV[3]: for each record, the number of its sends, their total cost, and their destination, or DESTINATION.mixed for
-- different destinations.

-- Returns whether an increase of a sum reaches 50, 80 or 100 % of a threshold.
local function passes(before, after, threshold)
    if after * 2 < threshold then
        return false
    end
    return before * 2 < threshold or before * 5 < 4 * threshold and after * 5 >= 4 * threshold
        or before < threshold and after >= threshold
end

local function is_quiet_sum(before, added, threshold)
    local after = before + added
    return after <= threshold and not passes(before, after, threshold)
end

local function is_quiet(scope, of_scope, capacity, checked_capacity, sends, cost, destination)
    return (of_scope[RULE.lockdown] == 0 or scope[SCOPE.locked_until] <= now)
        and (of_scope[RULE.messages] == 0 or is_quiet_sum(scope[SCOPE.sent], sends, of_scope[RULE.messages_limit]))
        and (of_scope[RULE.money] == 0 or is_quiet_sum(scope[SCOPE.spent], cost, of_scope[RULE.money_limit]))
        and (of_scope[RULE.growth] == 0 or scope[SCOPE.sent] + sends
            <= of_scope[RULE.growth_floor] + of_scope[RULE.growth_factor] * scope[SCOPE.peak])
        and (of_scope[RULE.unverified] == 0 or scope[SCOPE.level] + sends <= math.min(capacity, checked_capacity))
        and (of_scope[RULE.failures] == 0 or scope[SCOPE.failures]
            < math.min(of_scope[RULE.failures_capacity], of_scope[RULE.failures_checked_capacity]))
        and (of_scope[RULE.destinations] == 0 or destination ~= DESTINATION.mixed
            and #scope[SCOPE.destinations] < of_scope[RULE.destinations_count] * DESTINATION.size)
end

local scopes, capacities, checked_capacities, totals, quiet, are_all_quiet = {}, {}, {}, {}, {}, true
for i = 1, #rules do
    local scope, of_scope = opened(stored[i]), rules[i]
    advance(scope, of_scope)
    local share, extra = of_scope[RULE.unverified_share], 0
    if share > 0 then
        extra = math.max(scope[SCOPE.peak], scope[SCOPE.verified])
        extra = (extra - extra % share) / share
    end
    local capacity = of_scope[RULE.unverified_capacity] + extra
    local checked_capacity = of_scope[RULE.unverified_checked_capacity] + extra
    local total = { struct.unpack(TOTAL.format, ARGV[3], (i - 1) * TOTAL.size + 1) }
    scopes[i], capacities[i], checked_capacities[i], totals[i] = scope, capacity, checked_capacity, total
    quiet[i] = is_quiet(
        scope, of_scope, capacity, checked_capacity, total[TOTAL.sends], total[TOTAL.cost], total[TOTAL.destination])
    are_all_quiet = are_all_quiet and quiet[i]
end
