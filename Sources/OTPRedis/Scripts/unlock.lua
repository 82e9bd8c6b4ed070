-- SPDX-License-Identifier: Apache-2.0
-- Clears the failed attempts and the failure streak of a phone number.
-- requires: record, failures, failure_streak
-- changes: failures, failure_streak
-- defines: reply
--
-- KEYS: the record. ARGV: an empty ID. Reply: 1.

if not record then
    return 1
end
failures, failure_streak = '', 0
local reply = 1
