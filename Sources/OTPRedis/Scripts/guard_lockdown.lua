-- SPDX-License-Identifier: Apache-2.0
-- Starts, moves or ends a lockdown.
-- requires: now, stored, opened, keep
-- defines: reply
--
-- KEYS: the record of the service or of a region. ARGV: the rules of the record; the seconds until the lockdown ends.

local scope = opened(stored[1])
scope[SCOPE.locked_until] = now + ARGV[2]
keep(1, scope, { struct.unpack(RULE.format, ARGV[1]) })
local reply = 1
