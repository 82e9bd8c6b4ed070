-- Gives back a message that certainly was not sent, and remembers that it was refused.
-- KEYS: number. ARGV: identifier, time of the message, 1 if it was a further one and 0 if not, 1 if the number has further
-- records and 0 if not. Reply: 1 if the message was still counted, 0 if not.

-- Two records may hold messages of the same millisecond: the one with the challenge is the right one.
if ARGV[4] == '1' and not found then
    return 0
end

local time = struct.pack('>I6', tonumber(ARGV[2]))
local position
for i = 1, #sends, 6 do
    if string.sub(sends, i, i + 5) == time then
        position = i
    end
end
if not position then
    return 0
end
sends = string.sub(sends, 1, position - 1) .. string.sub(sends, position + 6)
step = math.max(0, step - 1)
-- A message since the last refusal was not refused.
if #sends > 0 and struct.unpack('>I6', sends, #sends - 5) > refusal then
    refused = 0
end
refused, refusal = math.min(refused + 1, 255), now
if found then
    if ARGV[3] == '1' then
        messages = math.max(1, messages - 1)
    elseif expiry == tonumber(ARGV[2]) + LIMITS.lifetime then
        -- An identifier can be reused: a challenge that another message opened is not this message's to delete.
        found = false
    end
end
local reply = 1
