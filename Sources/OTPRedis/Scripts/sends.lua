-- SPDX-License-Identifier: Apache-2.0
-- Removes sends that no limit needs any more, and defines the checks of the cooldown, the rejected sends and the send windows.
-- requires: now, send_times, cooldown_step, refused_sends, last_refusal, limit_kind, limit_index, wait, consider_windows
-- changes: send_times, cooldown_step, refused_sends, limit_kind, limit_index, wait
-- defines: consider_sends

while #send_times > 0 and struct.unpack(SEND.format, send_times) + LIMITS.send_span <= now do
    send_times = string.sub(send_times, SEND.size + 1)
end
if #send_times == 0
    or struct.unpack(SEND.format, send_times, #send_times - (SEND.size - 1)) + LIMITS.cooldown_reset <= now
then
    cooldown_step = 0
end
if refused_sends > 0 and last_refusal + LIMITS.refused_span <= now then
    refused_sends = 0
end

local function consider_wait(kind, time, waits, count)
    local longest = waits[count] or waits[#waits]
    local remaining = time + longest - now
    if remaining > wait and remaining <= longest + LIMITS.tolerance then
        limit_kind, limit_index, wait = kind, 0, remaining
    end
end

local function consider_sends()
    if cooldown_step > 0 then
        local last_send = struct.unpack(SEND.format, send_times, #send_times - (SEND.size - 1))
        consider_wait(LIMIT.cooldown, last_send, LIMITS.cooldown, cooldown_step)
    end
    if refused_sends > 0 then
        consider_wait(LIMIT.refused_sends, last_refusal, LIMITS.refused_cooldown, refused_sends)
    end
    consider_windows(LIMIT.sends, send_times, SEND.size, LIMITS.sends)
end
