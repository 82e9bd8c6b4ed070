-- SPDX-License-Identifier: Apache-2.0
-- Revokes all device tokens that were issued for a phone number before the call.
-- requires: nothing
--
-- KEYS: the revocation. ARGV: the TTL of the revocation. Reply: 1.

local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
-- The time of a revocation never decreases, so that revoked tokens stay revoked if the clock was set back.
local earlier = tonumber(redis.call('GET', KEYS[1]) or 0)
redis.call('SET', KEYS[1], string.format('%d', math.max(now, earlier)), 'PX', ARGV[1])
return 1
