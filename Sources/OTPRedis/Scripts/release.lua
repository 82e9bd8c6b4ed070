-- SPDX-License-Identifier: Apache-2.0
-- Undoes the count of a message that was definitely not sent, and records the rejection by the gateway. Idempotent.
-- requires: now, found, expiry, sends, send_times, cooldown_step, refused_sends, last_refusal
-- changes: found, sends, send_times, cooldown_step, refused_sends, last_refusal
-- defines: reply
--
-- KEYS: the record. ARGV: the ID of the challenge; the time of the send; 1 for a resend, 0 for a first send; 1 if the phone
-- number has other records, else 0. Reply: 1 if the send was still counted, else 0.

-- Two records may contain sends of the same millisecond, so the send is released only in the record with the challenge.
if ARGV[4] == '1' and not found then
    return 0
end

local released_time = struct.pack(SEND.format, tonumber(ARGV[2]))
local released
for i = 1, #send_times, SEND.size do
    if string.sub(send_times, i, i + (SEND.size - 1)) == released_time then
        released = i
    end
end
if not released then
    return 0
end
send_times = string.sub(send_times, 1, released - 1) .. string.sub(send_times, released + SEND.size)
cooldown_step = math.max(0, cooldown_step - 1)
-- A later send that was not rejected restarts the count of consecutive rejected sends.
if #send_times > 0 and struct.unpack(SEND.format, send_times, #send_times - (SEND.size - 1)) > last_refusal then
    refused_sends = 0
end
refused_sends, last_refusal = math.min(refused_sends + 1, 255), now
if found then
    if ARGV[3] == '1' then
        sends = math.max(1, sends - 1)
    elseif expiry == tonumber(ARGV[2]) + LIMITS.lifetime then
        -- IDs can be reused. Keep the challenge if it was created by a later send.
        found = false
    end
end
local reply = 1
