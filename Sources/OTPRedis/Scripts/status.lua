-- SPDX-License-Identifier: Apache-2.0
-- Returns the state of a live challenge without changing it.
-- requires: now, wait, found, attempts_remaining, expiry, sends, consider_sends
--
-- KEYS: the record. ARGV: the ID of the challenge. Reply: a status, or the outcome absent.

if not found then
    return struct.pack(OUTCOME.format, REPLY.absent, now)
end
consider_sends()
return struct.pack(STATUS.format, REPLY.success, now, expiry, now + wait, attempts_remaining, sends)
