-- Writes the record back, for as long as any of it matters.

local messages_sent = refused > 0 and struct.pack('>BI6', refused, refusal) .. sends or sends
local guessed, left, in_all, its_expiry = 0, 0, 0, 0
if found then
    guessed, left, in_all, its_expiry = 4 + #messages_sent + #head, attempts, guesses, expiry
    others = head .. struct.pack('>BBI6BBc0', attempts, guesses, expiry, messages, #sealed, sealed) .. others
    if expiry > others_expiry then
        others_expiry = expiry
    end
end
-- The last one tells how old a row is.
while #failures > (row > 0 and 20 or 0) and struct.unpack('>I6', failures) + LIMITS.failure_span <= now do
    failures = string.sub(failures, 21)
end
-- Never deleted: a server that is full lets deletions pass, and refuses what counts.
local ending = others_expiry
if #sends > 0 then
    local sends_end = struct.unpack('>I6', sends, #sends - 5) + LIMITS.send_span
    if sends_end > ending then
        ending = sends_end
    end
end
if refused > 0 then
    ending = math.max(ending, refusal + LIMITS.refused_span)
end
if #failures > 0 then
    -- A day more: `verify.lua` puts the end off once a day only.
    local last = struct.unpack('>I6', failures, #failures - 19) + LIMITS.day
    ending = math.max(ending, last + LIMITS.failure_span)
    if row > 0 then
        ending = math.max(ending, last + LIMITS.row_retention)
    end
end
-- All states but the last are there to be passed over.
local earlier_states = #failures > 0 and string.rep('\0', 14) .. string.sub(failures, 1, -15) or ''
record = struct.pack('>BHc0', step, #messages_sent, messages_sent) .. others .. earlier_states
    .. struct.pack('>BI3BBI6BB', #failures / 20, guessed, left, in_all, its_expiry, row, 3)
redis.call('PSETEX', KEYS[1], string.format('%d', math.max(1, ending - now)), record)
return reply
