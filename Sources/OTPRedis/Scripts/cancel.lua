-- Deletes a challenge; the message that was sent for it stays counted.
-- KEYS: challenge. ARGV: check. Reply: 1 if there was such a challenge, 0 if not.

if not read_challenge(redis.call('GET', KEYS[1]), ARGV[1]) then
    return 0
end
redis.call('DEL', KEYS[1])
return 1
