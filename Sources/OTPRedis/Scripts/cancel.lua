-- SPDX-License-Identifier: Apache-2.0
-- Deletes a challenge. Its sends stay counted.
-- requires: found
-- changes: found
-- defines: reply
--
-- KEYS: the record. ARGV: ID. Reply: 1 if there was such a challenge, else 0.

if not found then
    return 0
end
found = false
local reply = 1
