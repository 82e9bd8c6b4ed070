-- Forgets all wrong guesses for a number.
-- KEYS: number. ARGV: nothing. Reply: 1.

failures, row = '', 0
local reply = 1
