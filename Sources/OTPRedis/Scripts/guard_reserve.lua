-- SPDX-License-Identifier: Apache-2.0
-- Counts a send in all scopes of a group, or in no scope if a rule refuses the send.
-- requires: now, stored, opened, advance, keep, values, check, cost, modes_version, findings, is_refused
-- changes: values
-- defines: reply
--
-- KEYS: the records of the scopes; for the shared group also the run-time modes. ARGV: the facts of the send; for each record
-- its rules.
-- Reply: the time, the size of the modes, the modes if the caller knows another version, and the findings.

for i = 1, #ARGV - 1 do
    local rules = { struct.unpack(RULE.format, ARGV[i + 1]) }
    local scope = opened(stored[i])
    advance(scope, rules)
    check(scope, rules)
    if rules[RULE.unverified] > 0 then
        scope[SCOPE.level] = math.min(scope[SCOPE.level] + 1, LEDGER.highest_level)
    end
    scope[SCOPE.sent] = math.min(scope[SCOPE.sent] + 1, LEDGER.highest_count)
    scope[SCOPE.spent] = math.min(scope[SCOPE.spent] + cost, LEDGER.highest_money)
    if rules[RULE.unverified] > 0 or rules[RULE.messages] > 0 or rules[RULE.money] > 0 or rules[RULE.growth] > 0
        or rules[RULE.destinations] > 0
    then
        keep(i, scope, rules)
    end
end
if is_refused then
    values = {}
end
local modes = ''
if #KEYS == #ARGV then
    local known = stored[#KEYS] or MODES.none
    if struct.unpack(MODES.format, known) ~= modes_version then
        modes = known
    end
end
local reply = struct.pack(LEDGER.reply_format, now, #modes) .. modes .. findings
