-- Forgets all wrong guesses for a number.
-- KEYS: number. ARGV: nothing. Reply: 1.

if not record then
    return 1
end
failures, row = '', 0
local reply = 1
