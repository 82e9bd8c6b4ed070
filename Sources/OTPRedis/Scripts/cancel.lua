-- SPDX-License-Identifier: Apache-2.0
-- Deletes a challenge. Its sends are still counted.
-- requires: found
-- changes: found
-- defines: reply
--
-- KEYS: the record. ARGV: ID. Reply: 1 if the challenge existed, else 0.

if not found then
    return 0
end
found = false
local reply = 1
