-- SPDX-License-Identifier: Apache-2.0
-- Writes the records that a step has changed, and returns its reply.
-- requires: values, expiries, reply

if values[1] then redis.call('SET', KEYS[1], values[1], 'PXAT', expiries[1]) end
if values[2] then redis.call('SET', KEYS[2], values[2], 'PXAT', expiries[2]) end
if values[3] then redis.call('SET', KEYS[3], values[3], 'PXAT', expiries[3]) end
if values[4] then redis.call('SET', KEYS[4], values[4], 'PXAT', expiries[4]) end
if values[5] then redis.call('SET', KEYS[5], values[5], 'PXAT', expiries[5]) end
if values[6] then redis.call('SET', KEYS[6], values[6], 'PXAT', expiries[6]) end
if values[7] then redis.call('SET', KEYS[7], values[7], 'PXAT', expiries[7]) end
if values[8] then redis.call('SET', KEYS[8], values[8], 'PXAT', expiries[8]) end
return reply
