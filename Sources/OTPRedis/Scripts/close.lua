-- Writes the record back, for as long as any of it matters.

if found then
    others = head .. struct.pack('>BBI6BBc0', guesses_of_code, guesses, expiry, messages, #sealed, sealed) .. others
    if expiry > others_expiry then
        others_expiry = expiry
    end
end
-- The last one tells how old a row is.
while #failures > (row > 0 and 6 or 0) and struct.unpack('>I6', failures) + LIMITS.failure_span <= now do
    failures = string.sub(failures, 7)
end
-- Never deleted: a server that is full lets deletions pass, and refuses what counts.
local ending = others_expiry
if #sends > 0 then
    local sends_end = struct.unpack('>I6', sends, #sends - 5) + LIMITS.send_span
    if sends_end > ending then
        ending = sends_end
    end
end
if #failures > 0 then
    -- A day more: `verify.lua` puts the end off once a day only.
    local last = struct.unpack('>I6', failures, #failures - 5) + LIMITS.day
    ending = math.max(ending, last + LIMITS.failure_span)
    if row > 0 then
        ending = math.max(ending, last + LIMITS.row_retention)
    end
end
record = struct.pack('>BI2c0', step, #sends, sends) .. others
    .. struct.pack('>c0I2BBI2I2B', failures, 0, 0, 0, row, #failures, 1)
redis.call('PSETEX', KEYS[1], string.format('%d', math.max(1, ending - now)), record)
return reply
