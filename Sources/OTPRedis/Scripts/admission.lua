-- SPDX-License-Identifier: Apache-2.0
-- Admits a send, unless a limit refuses the send. A phone number that is locked out after failed attempts receives no message.
-- requires: now, send_times, cooldown_step, failures, failure_streak
-- requires: limit_kind, limit_index, wait, consider_windows, consider_sends
-- changes: send_times, cooldown_step

if failure_streak >= LIMITS.failure_streak then
    return struct.pack(REFUSAL.format, REPLY.refused, now, LIMIT.failure_streak, 0, 0)
end
consider_windows(LIMIT.failures, failures, FAILURE.size, LIMITS.failures)
consider_sends()
if wait > 0 then
    return struct.pack(REFUSAL.format, REPLY.refused, now, limit_kind, limit_index, wait)
end
send_times = string.sub(send_times .. struct.pack(SEND.format, now), -SEND.size * LIMITS.largest_sends)
cooldown_step = cooldown_step < 255 and cooldown_step + 1 or 255
consider_sends()
