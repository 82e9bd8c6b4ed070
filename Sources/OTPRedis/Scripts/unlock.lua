-- Forgets all wrong guesses for a number.
-- KEYS: number. Reply: 1.

failures, row, row_time = '', 0, 0
local reply = 1
