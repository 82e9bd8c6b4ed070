-- SPDX-License-Identifier: Apache-2.0
-- Reads the records of up to 8 scopes. There is no loop, because some clusters accept only keys that are written as KEYS[n].
-- requires: nothing
-- defines: stored

local stored = { redis.call('GET', KEYS[1]) }
if #KEYS > 1 then stored[2] = redis.call('GET', KEYS[2]) end
if #KEYS > 2 then stored[3] = redis.call('GET', KEYS[3]) end
if #KEYS > 3 then stored[4] = redis.call('GET', KEYS[4]) end
if #KEYS > 4 then stored[5] = redis.call('GET', KEYS[5]) end
if #KEYS > 5 then stored[6] = redis.call('GET', KEYS[6]) end
if #KEYS > 6 then stored[7] = redis.call('GET', KEYS[7]) end
if #KEYS > 7 then stored[8] = redis.call('GET', KEYS[8]) end
