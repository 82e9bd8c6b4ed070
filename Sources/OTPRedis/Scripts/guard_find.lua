-- SPDX-License-Identifier: Apache-2.0
-- Defines the checks of the rules, like `ScopeRecord+Checks.swift`.
-- requires: now, seconds_below
-- defines: is_refused, findings, cost, modes_version, check
--
-- ARGV[1]: the facts of the send.

local cost, destination, standing, is_checked, listed_until, modes_version = struct.unpack(FACTS.format, ARGV[1])
if listed_until > now and standing < STANDING.listed then
    standing = STANDING.listed
end

local findings, is_refused = '', false

local function add(scope, measure, effect, measured, threshold, wait)
    findings = findings .. struct.pack(FINDING.format, scope, measure, effect, measured, threshold, wait)
    is_refused = is_refused or effect > EFFECT.monitor
end

-- The effects follow the alert in the order of the modes. A request that has passed a human check is not challenged again.
local function effect_of(mode)
    if mode == MODE.challenge and standing == STANDING.checked then
        return EFFECT.block
    end
    return mode + EFFECT.alert
end

local function passes(percentage, before, after, threshold)
    return before * 100 < percentage * threshold and after * 100 >= percentage * threshold
end

local function check_sum(scope, measure, mode, before, added, threshold)
    local after = before + added
    if after > threshold then
        add(scope, measure, mode + EFFECT.alert, after, threshold, LEDGER.day - now % LEDGER.day)
    elseif measure ~= MEASURE.growth
        and (passes(50, before, after, threshold) or passes(80, before, after, threshold)
            or passes(100, before, after, threshold))
    then
        add(scope, measure, EFFECT.alert, after, threshold, 0)
    end
end

local function check_unverified(kind, scope, rules)
    local share, level, extra = rules[RULE.unverified_share], scope[SCOPE.level], 0
    if share > 0 then
        extra = math.max(scope[SCOPE.peak], scope[SCOPE.verified])
        extra = (extra - extra % share) / share
    end
    local checked_capacity = rules[RULE.unverified_checked_capacity] + extra
    if level > checked_capacity then
        level = checked_capacity
        scope[SCOPE.level] = level
    end
    local capacity = standing == STANDING.checked and checked_capacity or rules[RULE.unverified_capacity] + extra
    if rules[RULE.unverified] > 0 and standing < STANDING.listed and level >= capacity then
        add(kind, MEASURE.unverified, effect_of(rules[RULE.unverified]), level, capacity, seconds_below(
            capacity, level, scope[SCOPE.step], scope[SCOPE.since], rules[RULE.unverified_pause],
            rules[RULE.unverified_doublings]))
    end
end

local function check_failures(kind, scope, rules)
    local capacity = standing == STANDING.checked and rules[RULE.failures_checked_capacity]
        or rules[RULE.failures_capacity]
    local level = scope[SCOPE.failures]
    if standing < STANDING.listed and level >= capacity then
        add(kind, MEASURE.failures, effect_of(rules[RULE.failures]), level, capacity, seconds_below(
            capacity, level, 0, scope[SCOPE.failures_since], rules[RULE.failures_pause], 0))
    end
end

local function check_destinations(kind, scope, rules)
    local known = scope[SCOPE.destinations]
    for i = 1, #known, DESTINATION.size do
        if struct.unpack(DESTINATION.format, known, i) == destination then
            return
        end
    end
    if #known < rules[RULE.destinations_count] * DESTINATION.size then
        scope[SCOPE.destinations] = known .. struct.pack(DESTINATION.format, destination)
    elseif standing == STANDING.ordinary then
        add(kind, MEASURE.destinations, effect_of(rules[RULE.destinations]), #known / DESTINATION.size + 1,
            rules[RULE.destinations_count], LEDGER.day + LEDGER.tolerance)
    end
end

local function check(scope, rules)
    local kind = rules[RULE.scope]
    if rules[RULE.lockdown] > 0 and scope[SCOPE.locked_until] > now and standing < STANDING.known then
        add(kind, MEASURE.lockdown, effect_of(rules[RULE.lockdown]), 0, 0, scope[SCOPE.locked_until] - now)
    end
    if rules[RULE.messages] > 0 then
        check_sum(kind, MEASURE.messages, rules[RULE.messages], scope[SCOPE.sent], 1, rules[RULE.messages_limit])
    end
    if rules[RULE.money] > 0 then
        check_sum(kind, MEASURE.money, rules[RULE.money], scope[SCOPE.spent], cost, rules[RULE.money_limit])
    end
    -- A human check lifts a growth limit that challenges. Otherwise a known device would be challenged again.
    if rules[RULE.growth] > 0 and not (rules[RULE.growth] == MODE.challenge and is_checked == 1) then
        check_sum(kind, MEASURE.growth, rules[RULE.growth], scope[SCOPE.sent], 1,
            rules[RULE.growth_floor] + rules[RULE.growth_factor] * scope[SCOPE.peak])
    end
    check_unverified(kind, scope, rules)
    if rules[RULE.failures] > 0 then check_failures(kind, scope, rules) end
    if rules[RULE.destinations] > 0 then check_destinations(kind, scope, rules) end
end
