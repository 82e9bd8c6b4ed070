-- SPDX-License-Identifier: Apache-2.0
-- Starts, changes or ends a lockdown.
-- requires: now, rules, stored, opened, keep
-- defines: reply
--
-- KEYS: the record of the service or of a region. ARGV[3]: the number of seconds until the lockdown ends.

local scope = opened(stored[1])
scope[SCOPE.locked_until] = now + ARGV[3]
keep(1, scope, rules[1])
local reply = 1
