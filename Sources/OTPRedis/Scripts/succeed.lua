-- Resets the failure streak and the cooldown step. It runs on records that are out of use; a match does the same in the
-- record that it is in.
-- KEYS: number. ARGV: nothing. Reply: 1.

if not record or (row == 0 and step == 0) then
    return 1
end
step, row = 0, 0
local reply = 1
