-- Deletes the record of a number, if it is still the one that was taken over.
-- KEYS: number. ARGV: the record. Reply: 1 if it was deleted, 0 if it has changed.

if redis.call('GET', KEYS[1]) ~= ARGV[1] then
    return 0
end
redis.call('DEL', KEYS[1])
return 1
