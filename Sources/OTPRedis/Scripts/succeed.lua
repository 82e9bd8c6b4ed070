-- SPDX-License-Identifier: Apache-2.0
-- Resets the failure streak and the cooldown of an unused record of a phone number, after a code has matched in the used
-- record.
-- requires: record, failure_streak, cooldown_step
-- changes: failure_streak, cooldown_step
-- defines: reply
--
-- KEYS: the record. ARGV: an empty ID. Reply: 1.

if not record or (failure_streak == 0 and cooldown_step == 0) then
    return 1
end
cooldown_step, failure_streak = 0, 0
local reply = 1
