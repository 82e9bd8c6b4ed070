-- SPDX-License-Identifier: Apache-2.0
-- Marks a proof as used, unless the proof has been used or has expired.
-- requires: nothing
--
-- KEYS: the proof. ARGV: expiry; the longest possible remaining lifetime of a proof; the time for which the mark outlasts the
-- proof. Reply: 1 if the proof is redeemed, else 0.

local clock = redis.call('TIME')
local lifetime = tonumber(ARGV[1]) - clock[1] * 1000 - math.floor(clock[2] / 1000)
if lifetime <= 0 then
    return 0
end
-- A clock that is set back a little makes an expired proof valid again, so the mark outlasts the proof.
local is_new = redis.call('SET', KEYS[1], '1', 'NX', 'PX', string.format('%d', lifetime + ARGV[3]))
-- A longer lifetime is from a clock that ran ahead. Mark the proof anyway, so that it does not become valid later.
if is_new and lifetime <= tonumber(ARGV[2]) then
    return 1
end
return 0
