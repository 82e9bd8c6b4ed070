-- SPDX-License-Identifier: Apache-2.0
-- Undoes the count of a send whose message was definitely rejected.
-- requires: rules, stored, opened, keep
-- defines: reply
--
-- KEYS: the records of the scopes that counted the send. ARGV[3]: the cost and the day of the send.

local cost, day = struct.unpack(RELEASE.format, ARGV[3])
for i = 1, #rules do
    if stored[i] then
        local scope = opened(stored[i])
        scope[SCOPE.level] = math.max(0, scope[SCOPE.level] - 1)
        if scope[SCOPE.day] == day then
            scope[SCOPE.sent] = math.max(0, scope[SCOPE.sent] - 1)
            scope[SCOPE.spent] = math.max(0, scope[SCOPE.spent] - cost)
        end
        keep(i, scope, rules[i])
    end
end
local reply = 1
