-- SPDX-License-Identifier: Apache-2.0
-- Stores a new challenge after the first send of the challenge was admitted.
-- requires: now, wait, found, head, attempts_remaining, attempts_made, expiry, sends, sealed
-- changes: found, head, attempts_remaining, attempts_made, expiry, sends, sealed
-- defines: reply
--
-- KEYS: the record. ARGV: the head of the challenge; the sealed code.
-- Reply: an admission or a refusal.

found, head, sealed = true, ARGV[1], ARGV[2]
attempts_remaining, attempts_made, sends, expiry = LIMITS.attempts, 0, 1, now + LIMITS.lifetime
local reply = struct.pack(ADMISSION.format, REPLY.success, now, expiry, now + wait, attempts_remaining)
