-- SPDX-License-Identifier: Apache-2.0
-- Admits or refuses each of several sends, in their order. Counts each admitted send in all of its scopes.
-- requires: now, rules, stored, count, keep, scopes, checked_capacities, totals, quiet, are_all_quiet
-- requires: next_send, check, cost, destination, has_region, findings, count_of_findings, is_refused
-- defines: reply
--
-- KEYS: the records of the scopes; for shared scopes also the run-time modes.
-- ARGV[5]: the number of sends, and the caller's version of the modes.
-- Reply: the time; the size of the modes; the modes if the caller has another version; for each send, the number of findings
-- and the findings.

local is_counted = {}

-- Counts sends to one region in a record.
local function count_sends(position, sends, costs, region)
    local scope, of_scope = scopes[position], rules[position]
    if of_scope[RULE.counts_sends] == 0 then
        return
    end
    is_counted[position] = true
    local level = math.min(scope[SCOPE.level], checked_capacities[position])
    if of_scope[RULE.unverified] > 0 then
        level = math.min(level + sends, LEDGER.highest_level)
    end
    scope[SCOPE.level] = level
    scope[SCOPE.sent] = math.min(scope[SCOPE.sent] + sends, LEDGER.highest_count)
    scope[SCOPE.spent] = math.min(scope[SCOPE.spent] + costs, LEDGER.highest_money)
    local known = scope[SCOPE.destinations]
    if #known < of_scope[RULE.destinations_count] * DESTINATION.size and of_scope[RULE.destinations] > 0
        and not has_region(known, region)
    then
        scope[SCOPE.destinations] = known .. struct.pack(DESTINATION.format, region)
    end
end

local send_count, known_version = struct.unpack(CALL.format, ARGV[5])
local replies = {}
if are_all_quiet then
    for i = 1, #rules do
        local total = totals[i]
        count_sends(i, total[TOTAL.sends], total[TOTAL.cost], total[TOTAL.destination])
    end
    replies[1] = string.rep('\0', send_count)
else
    local start = 1
    for send = 1, send_count do
        local members
        members, start = next_send(start)
        for i = 1, #members do
            if not quiet[members[i]] then check(members[i]) end
        end
        for i = 1, is_refused and 0 or #members do
            count_sends(members[i], 1, cost, destination)
        end
        replies[send] = string.char(count_of_findings) .. findings
    end
end
for i = 1, #rules do
    if is_counted[i] then
        keep(i, scopes[i], rules[i])
    end
end

local modes = ''
if count > #rules then
    local known = stored[count] or MODES.none
    if struct.unpack(MODES.format, known) ~= known_version then
        modes = known
    end
end
local reply = struct.pack(LEDGER.reply_format, now, #modes) .. modes .. table.concat(replies)
