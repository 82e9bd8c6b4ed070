-- SPDX-License-Identifier: Apache-2.0
-- Defines the checks of the rules for the current send, like `ScopeRecord+Checks.swift`.
-- requires: now, rules, seconds_below, scopes, capacities, checked_capacities, passes
-- defines: next_send, check, cost, destination, has_region, findings, count_of_findings, is_refused
--
-- ARGV[4]: for each send, its facts, the number of its records, and one byte for each record: the position of the record.

local sends = ARGV[4]
local cost, destination, standing, is_checked, size
-- The findings of the current send.
local findings, count_of_findings, is_refused = '', 0, false

-- Reads the facts of a send. Returns the positions of the send's records, and the start of the next send.
local function next_send(start)
    local listed_until
    cost, destination, standing, is_checked, listed_until, size, start = struct.unpack(FACTS.format, sends, start)
    if listed_until > now and standing < STANDING.listed then
        standing = STANDING.listed
    end
    findings, count_of_findings, is_refused = '', 0, false
    return { string.byte(sends, start, start + size - 1) }, start + size
end

local function add(scope, measure, effect, measured, threshold, wait)
    findings = findings .. struct.pack(FINDING.format, scope, measure, effect, measured, threshold, wait)
    count_of_findings = count_of_findings + 1
    is_refused = is_refused or effect > EFFECT.monitor
end

-- The effects after `alert` have the order of the modes. A request that has passed a human check is blocked instead of
-- challenged again.
local function effect_of(mode)
    if mode == MODE.challenge and standing == STANDING.checked then
        return EFFECT.block
    end
    return mode + EFFECT.alert
end

local function check_sum(scope, measure, mode, before, added, threshold)
    local after = before + added
    if after > threshold then
        add(scope, measure, mode + EFFECT.alert, after, threshold, LEDGER.day - now % LEDGER.day)
    elseif measure ~= MEASURE.growth and passes(before, after, threshold) then
        add(scope, measure, EFFECT.alert, after, threshold, 0)
    end
end

local function check_unverified(kind, position, scope, of_scope)
    local level, capacity = scope[SCOPE.level], checked_capacities[position]
    -- A level above the checked capacity would delay the next send by many pauses.
    if level > capacity then
        level = capacity
    end
    if standing < STANDING.checked then
        capacity = capacities[position]
    end
    if level >= capacity then
        add(kind, MEASURE.unverified, effect_of(of_scope[RULE.unverified]), level, capacity, seconds_below(
            capacity, level, scope[SCOPE.step], scope[SCOPE.since], of_scope[RULE.unverified_pause],
            of_scope[RULE.unverified_doublings]))
    end
end

local function check_failures(kind, scope, of_scope)
    local capacity = standing == STANDING.checked and of_scope[RULE.failures_checked_capacity]
        or of_scope[RULE.failures_capacity]
    local level = scope[SCOPE.failures]
    if level >= capacity then
        add(kind, MEASURE.failures, effect_of(of_scope[RULE.failures]), level, capacity, seconds_below(
            capacity, level, 0, scope[SCOPE.failures_since], of_scope[RULE.failures_pause], 0))
    end
end

local function has_region(known, region)
    for i = 1, #known, DESTINATION.size do
        if struct.unpack(DESTINATION.format, known, i) == region then
            return true
        end
    end
    return false
end

local function check_destinations(kind, known, of_scope)
    if standing == STANDING.ordinary and #known >= of_scope[RULE.destinations_count] * DESTINATION.size
        and not has_region(known, destination)
    then
        add(kind, MEASURE.destinations, effect_of(of_scope[RULE.destinations]), #known / DESTINATION.size + 1,
            of_scope[RULE.destinations_count], LEDGER.day + LEDGER.tolerance)
    end
end

-- Adds the findings of one record, without changing the record, because a later record may refuse the send.
local function check(position)
    local scope, of_scope = scopes[position], rules[position]
    local kind = of_scope[RULE.scope]
    if of_scope[RULE.lockdown] > 0 and scope[SCOPE.locked_until] > now and standing < STANDING.known then
        add(kind, MEASURE.lockdown, effect_of(of_scope[RULE.lockdown]), 0, 0, scope[SCOPE.locked_until] - now)
    end
    if of_scope[RULE.messages] > 0 then
        check_sum(kind, MEASURE.messages, of_scope[RULE.messages], scope[SCOPE.sent], 1, of_scope[RULE.messages_limit])
    end
    if of_scope[RULE.money] > 0 then
        check_sum(kind, MEASURE.money, of_scope[RULE.money], scope[SCOPE.spent], cost, of_scope[RULE.money_limit])
    end
    -- A growth limit with the mode `challenge` does not apply after a passed human check.
    if of_scope[RULE.growth] > 0 and not (of_scope[RULE.growth] == MODE.challenge and is_checked == 1) then
        check_sum(kind, MEASURE.growth, of_scope[RULE.growth], scope[SCOPE.sent], 1,
            of_scope[RULE.growth_floor] + of_scope[RULE.growth_factor] * scope[SCOPE.peak])
    end
    if standing < STANDING.listed then
        if of_scope[RULE.unverified] > 0 then check_unverified(kind, position, scope, of_scope) end
        if of_scope[RULE.failures] > 0 then check_failures(kind, scope, of_scope) end
    end
    if of_scope[RULE.destinations] > 0 then
        check_destinations(kind, scope[SCOPE.destinations], of_scope)
    end
end
