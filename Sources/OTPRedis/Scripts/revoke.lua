-- SPDX-License-Identifier: Apache-2.0
-- Revokes all device tokens that were issued for a number before the call.
-- requires: nothing
--
-- KEYS: the revocation. ARGV: its TTL. Reply: 1.

local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
-- A clock that was set back does not restore tokens that are already revoked.
local earlier = tonumber(redis.call('GET', KEYS[1]) or 0)
redis.call('SET', KEYS[1], string.format('%d', math.max(now, earlier)), 'PX', ARGV[1])
return 1
