-- SPDX-License-Identifier: Apache-2.0
-- Writes the changed records, and returns the reply of the script.
-- requires: values, expiries, reply, count

if values[1] then redis.call('SET', KEYS[1], values[1], 'PXAT', expiries[1]) end
if values[2] then redis.call('SET', KEYS[2], values[2], 'PXAT', expiries[2]) end
if values[3] then redis.call('SET', KEYS[3], values[3], 'PXAT', expiries[3]) end
if values[4] then redis.call('SET', KEYS[4], values[4], 'PXAT', expiries[4]) end
if values[5] then redis.call('SET', KEYS[5], values[5], 'PXAT', expiries[5]) end
if values[6] then redis.call('SET', KEYS[6], values[6], 'PXAT', expiries[6]) end
if values[7] then redis.call('SET', KEYS[7], values[7], 'PXAT', expiries[7]) end
if values[8] then redis.call('SET', KEYS[8], values[8], 'PXAT', expiries[8]) end
if count >= 9 then
    if values[9] then redis.call('SET', KEYS[9], values[9], 'PXAT', expiries[9]) end
    if values[10] then redis.call('SET', KEYS[10], values[10], 'PXAT', expiries[10]) end
    if values[11] then redis.call('SET', KEYS[11], values[11], 'PXAT', expiries[11]) end
    if values[12] then redis.call('SET', KEYS[12], values[12], 'PXAT', expiries[12]) end
    if values[13] then redis.call('SET', KEYS[13], values[13], 'PXAT', expiries[13]) end
    if values[14] then redis.call('SET', KEYS[14], values[14], 'PXAT', expiries[14]) end
    if values[15] then redis.call('SET', KEYS[15], values[15], 'PXAT', expiries[15]) end
    if values[16] then redis.call('SET', KEYS[16], values[16], 'PXAT', expiries[16]) end
end
if count >= 17 then
    if values[17] then redis.call('SET', KEYS[17], values[17], 'PXAT', expiries[17]) end
    if values[18] then redis.call('SET', KEYS[18], values[18], 'PXAT', expiries[18]) end
    if values[19] then redis.call('SET', KEYS[19], values[19], 'PXAT', expiries[19]) end
    if values[20] then redis.call('SET', KEYS[20], values[20], 'PXAT', expiries[20]) end
    if values[21] then redis.call('SET', KEYS[21], values[21], 'PXAT', expiries[21]) end
    if values[22] then redis.call('SET', KEYS[22], values[22], 'PXAT', expiries[22]) end
    if values[23] then redis.call('SET', KEYS[23], values[23], 'PXAT', expiries[23]) end
    if values[24] then redis.call('SET', KEYS[24], values[24], 'PXAT', expiries[24]) end
end
if count >= 25 then
    if values[25] then redis.call('SET', KEYS[25], values[25], 'PXAT', expiries[25]) end
    if values[26] then redis.call('SET', KEYS[26], values[26], 'PXAT', expiries[26]) end
    if values[27] then redis.call('SET', KEYS[27], values[27], 'PXAT', expiries[27]) end
    if values[28] then redis.call('SET', KEYS[28], values[28], 'PXAT', expiries[28]) end
    if values[29] then redis.call('SET', KEYS[29], values[29], 'PXAT', expiries[29]) end
    if values[30] then redis.call('SET', KEYS[30], values[30], 'PXAT', expiries[30]) end
    if values[31] then redis.call('SET', KEYS[31], values[31], 'PXAT', expiries[31]) end
    if values[32] then redis.call('SET', KEYS[32], values[32], 'PXAT', expiries[32]) end
end
if count >= 33 then
    if values[33] then redis.call('SET', KEYS[33], values[33], 'PXAT', expiries[33]) end
    if values[34] then redis.call('SET', KEYS[34], values[34], 'PXAT', expiries[34]) end
    if values[35] then redis.call('SET', KEYS[35], values[35], 'PXAT', expiries[35]) end
    if values[36] then redis.call('SET', KEYS[36], values[36], 'PXAT', expiries[36]) end
    if values[37] then redis.call('SET', KEYS[37], values[37], 'PXAT', expiries[37]) end
    if values[38] then redis.call('SET', KEYS[38], values[38], 'PXAT', expiries[38]) end
    if values[39] then redis.call('SET', KEYS[39], values[39], 'PXAT', expiries[39]) end
    if values[40] then redis.call('SET', KEYS[40], values[40], 'PXAT', expiries[40]) end
end
return reply
