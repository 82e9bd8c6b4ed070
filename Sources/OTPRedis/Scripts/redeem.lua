-- SPDX-License-Identifier: Apache-2.0
-- Marks a proof as used, unless the proof was already used or has expired.
-- requires: nothing
--
-- KEYS: the proof. ARGV: the expiry of the proof; the maximum remaining lifetime of a proof; the time by which the mark
-- outlasts the proof. Reply: 1 if the proof is redeemed, else 0.

local clock = redis.call('TIME')
local lifetime = tonumber(ARGV[1]) - clock[1] * 1000 - math.floor(clock[2] / 1000)
if lifetime <= 0 then
    return 0
end
-- The mark outlasts the proof, because an expired proof becomes valid again if the clock is set back a little.
local is_new = redis.call('SET', KEYS[1], '1', 'NX', 'PX', string.format('%d', lifetime + ARGV[3]))
-- A proof with a longer lifetime was created while the clock ran ahead. Mark the proof anyway, so that it does not become valid
-- later.
if is_new and lifetime <= tonumber(ARGV[2]) then
    return 1
end
return 0
