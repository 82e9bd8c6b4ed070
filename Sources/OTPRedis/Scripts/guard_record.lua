-- SPDX-License-Identifier: Apache-2.0
-- Records verified sends and failed attempts. In each scope, all successes are recorded before all failures.
-- requires: stored, opened, advance, keep
-- defines: reply
--
-- KEYS: the records of the scopes. ARGV: for each key its rules, and the numbers of successes and failures.

for i = 1, #KEYS do
    local rules = { struct.unpack(RULE.format, ARGV[2 * i - 1]) }
    local successes, failures = struct.unpack(OUTCOMES.format, ARGV[2 * i])
    local scope = opened(stored[i])
    advance(scope, rules)
    if successes > 0 then
        scope[SCOPE.verified] = math.min(scope[SCOPE.verified] + successes, LEDGER.highest_count)
        scope[SCOPE.level] = math.max(0, scope[SCOPE.level] - successes * rules[RULE.unverified_credit])
        scope[SCOPE.step] = 0
        scope[SCOPE.failures] = math.max(0, scope[SCOPE.failures] - successes * rules[RULE.failures_credit])
        scope[SCOPE.destinations] = ''
    end
    if rules[RULE.failures] > 0 then
        local filled = scope[SCOPE.failures] + failures * rules[RULE.failures_weight]
        -- Limit the level to the larger capacity, so that the breaker closes soon after the failures end.
        filled = math.min(filled, rules[RULE.failures_checked_capacity])
        scope[SCOPE.failures] = math.max(scope[SCOPE.failures], filled)
    end
    keep(i, scope, rules)
end
local reply = 1
