-- SPDX-License-Identifier: Apache-2.0
-- Ends a script for a known device if the device token was revoked.
-- requires: nothing
--
-- KEYS: the record; the revocation. ARGV: the arguments of the script; the time at which the device token was issued.
-- Reply: 0 if the token was revoked, else the reply of the script.

local revoked = redis.call('GET', KEYS[2])
if tonumber(table.remove(ARGV)) <= tonumber(revoked or 0) then
    return 0
end
