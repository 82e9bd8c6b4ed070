-- Writes the record back, for as long as any of it matters.

if found then
    challenges = struct.pack('>c16BBBI6c16c32Bc0Bc0', ARGV[1], guesses_of_code, guesses, messages, expiry,
        check, authenticator, #key, key, #sealed, sealed) .. others
else
    challenges, expiry = others, 0
end
-- Never deleted: a server that is full lets deletions pass, and refuses what counts a wrong guess.
local ending = math.max(now + 1, expiry, others_expiry)
if #sends > 0 then
    ending = math.max(ending, struct.unpack('>I6', sends, #sends - 5) + LIMITS.send_span)
end
if #failures > 0 then
    ending = math.max(ending, struct.unpack('>I6', failures, #failures - 5) + LIMITS.failure_span)
end
if row > 0 then
    ending = math.max(ending, row_time + LIMITS.row_retention)
end
record = struct.pack('>BBI2I6I2c0I2c0', 1, step, row, row_time, #sends, sends, #failures, failures) .. challenges
redis.call('SET', KEYS[1], record, 'PX', string.format('%d', ending - now))
return reply
