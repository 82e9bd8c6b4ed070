-- SPDX-License-Identifier: Apache-2.0
-- Ends the step of a known device if its token was revoked.
-- requires: nothing
--
-- KEYS: the record; the revocation. ARGV: the arguments of the step; the time at which the token was issued.
-- Reply: 0 if the token was revoked, else the reply of the step.

local revoked = redis.call('GET', KEYS[2])
if tonumber(table.remove(ARGV)) <= tonumber(revoked or 0) then
    return 0
end
