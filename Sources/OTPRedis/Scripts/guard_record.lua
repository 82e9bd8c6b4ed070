-- SPDX-License-Identifier: Apache-2.0
-- Records verified sends (successes) and failed attempts (failures). In each scope, the successes are recorded first.
-- requires: rules, stored, opened, advance, keep
-- defines: reply
--
-- KEYS: the records of the scopes. ARGV[3]: for each key, the numbers of successes and failures.

local outcomes, start = ARGV[3], 1
for i = 1, #rules do
    local scope, of_scope, successes, failures = opened(stored[i]), rules[i], 0, 0
    successes, failures, start = struct.unpack(OUTCOMES.format, outcomes, start)
    advance(scope, of_scope)
    if successes > 0 then
        scope[SCOPE.verified] = math.min(scope[SCOPE.verified] + successes, LEDGER.highest_count)
        scope[SCOPE.level] = math.max(0, scope[SCOPE.level] - successes * of_scope[RULE.unverified_credit])
        scope[SCOPE.step] = 0
        scope[SCOPE.failures] = math.max(0, scope[SCOPE.failures] - successes * of_scope[RULE.failures_credit])
        scope[SCOPE.destinations] = ''
    end
    if of_scope[RULE.failures] > 0 then
        local filled = scope[SCOPE.failures] + failures * of_scope[RULE.failures_weight]
        -- Limit the level to the checked capacity, so that the breaker closes soon after the last failure.
        filled = math.min(filled, of_scope[RULE.failures_checked_capacity])
        scope[SCOPE.failures] = math.max(scope[SCOPE.failures], filled)
    end
    keep(i, scope, of_scope)
end
local reply = 1
