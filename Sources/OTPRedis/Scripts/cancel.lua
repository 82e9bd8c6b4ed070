-- SPDX-License-Identifier: Apache-2.0
-- Deletes a challenge. The sends of the challenge remain counted.
-- requires: found
-- changes: found
-- defines: reply
--
-- KEYS: the record. ARGV: the ID of the challenge. Reply: 1 if the challenge existed, else 0.

if not found then
    return 0
end
found = false
local reply = 1
