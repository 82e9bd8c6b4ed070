-- Deletes a challenge; the message that was sent for it stays counted.
-- KEYS: number. ARGV: identifier. Reply: 1 if there was such a challenge, 0 if not.

if not found then
    return 0
end
found = false
local reply = 1
