-- SPDX-License-Identifier: Apache-2.0
-- Reads up to 40 records, without a loop, because some clusters accept only keys that are written as KEYS[n].
-- requires: nothing
-- defines: stored, count

-- A local copy of the global table: global lookups are slower.
local KEYS = KEYS
local stored, count = {}, #KEYS
if count >= 1 then stored[1] = redis.call('GET', KEYS[1]) end
if count >= 2 then stored[2] = redis.call('GET', KEYS[2]) end
if count >= 3 then stored[3] = redis.call('GET', KEYS[3]) end
if count >= 4 then stored[4] = redis.call('GET', KEYS[4]) end
if count >= 5 then stored[5] = redis.call('GET', KEYS[5]) end
if count >= 6 then stored[6] = redis.call('GET', KEYS[6]) end
if count >= 7 then stored[7] = redis.call('GET', KEYS[7]) end
if count >= 8 then stored[8] = redis.call('GET', KEYS[8]) end
if count >= 9 then
    if count >= 9 then stored[9] = redis.call('GET', KEYS[9]) end
    if count >= 10 then stored[10] = redis.call('GET', KEYS[10]) end
    if count >= 11 then stored[11] = redis.call('GET', KEYS[11]) end
    if count >= 12 then stored[12] = redis.call('GET', KEYS[12]) end
    if count >= 13 then stored[13] = redis.call('GET', KEYS[13]) end
    if count >= 14 then stored[14] = redis.call('GET', KEYS[14]) end
    if count >= 15 then stored[15] = redis.call('GET', KEYS[15]) end
    if count >= 16 then stored[16] = redis.call('GET', KEYS[16]) end
end
if count >= 17 then
    if count >= 17 then stored[17] = redis.call('GET', KEYS[17]) end
    if count >= 18 then stored[18] = redis.call('GET', KEYS[18]) end
    if count >= 19 then stored[19] = redis.call('GET', KEYS[19]) end
    if count >= 20 then stored[20] = redis.call('GET', KEYS[20]) end
    if count >= 21 then stored[21] = redis.call('GET', KEYS[21]) end
    if count >= 22 then stored[22] = redis.call('GET', KEYS[22]) end
    if count >= 23 then stored[23] = redis.call('GET', KEYS[23]) end
    if count >= 24 then stored[24] = redis.call('GET', KEYS[24]) end
end
if count >= 25 then
    if count >= 25 then stored[25] = redis.call('GET', KEYS[25]) end
    if count >= 26 then stored[26] = redis.call('GET', KEYS[26]) end
    if count >= 27 then stored[27] = redis.call('GET', KEYS[27]) end
    if count >= 28 then stored[28] = redis.call('GET', KEYS[28]) end
    if count >= 29 then stored[29] = redis.call('GET', KEYS[29]) end
    if count >= 30 then stored[30] = redis.call('GET', KEYS[30]) end
    if count >= 31 then stored[31] = redis.call('GET', KEYS[31]) end
    if count >= 32 then stored[32] = redis.call('GET', KEYS[32]) end
end
if count >= 33 then
    if count >= 33 then stored[33] = redis.call('GET', KEYS[33]) end
    if count >= 34 then stored[34] = redis.call('GET', KEYS[34]) end
    if count >= 35 then stored[35] = redis.call('GET', KEYS[35]) end
    if count >= 36 then stored[36] = redis.call('GET', KEYS[36]) end
    if count >= 37 then stored[37] = redis.call('GET', KEYS[37]) end
    if count >= 38 then stored[38] = redis.call('GET', KEYS[38]) end
    if count >= 39 then stored[39] = redis.call('GET', KEYS[39]) end
    if count >= 40 then stored[40] = redis.call('GET', KEYS[40]) end
end
