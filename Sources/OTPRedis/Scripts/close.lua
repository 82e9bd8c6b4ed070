-- Writes the record back, for as long as any of it matters.

if found then
    others = struct.pack('>c32BBI6Bc32Bc0Bc0', reference, guesses_of_code, guesses, expiry, messages,
        authenticator, #key, key, #sealed, sealed) .. others
    if expiry > others_expiry then
        others_expiry = expiry
    end
end
-- The last one tells how old a row is.
while #failures > (row > 0 and 6 or 0) and struct.unpack('>I6', failures, #failures - 5) + LIMITS.failure_span <= now do
    failures = string.sub(failures, 1, -7)
end
-- Never deleted: a server that is full lets deletions pass, and refuses what counts.
local ending = others_expiry
if #sends > 0 then
    local sends_end = struct.unpack('>I6', sends) + LIMITS.send_span
    if sends_end > ending then
        ending = sends_end
    end
end
if #failures > 0 then
    local last = struct.unpack('>I6', failures)
    ending = math.max(ending, last + LIMITS.failure_span)
    if row > 0 then
        ending = math.max(ending, last + LIMITS.row_retention)
    end
end
record = struct.pack('>BBI2I2c0I2c0', 1, step, row, #failures, failures, #sends, sends) .. others
redis.call('PSETEX', KEYS[1], string.format('%d', math.max(1, ending - now)), record)
return reply
