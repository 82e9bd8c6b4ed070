-- Gives back a message that certainly was not sent.
-- KEYS: number. ARGV: identifier and check in one, time of the message, 1 if it was a further one and 0 if not.
-- Reply: 1 if the message was still counted, 0 if not.

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
if found then
    if ARGV[3] == '1' then
        messages = math.max(1, messages - 1)
    elseif expiry == tonumber(ARGV[2]) + LIMITS.life then
        -- An identifier can be reused: a challenge that another message opened is not this message's to delete.
        found = false
    end
end
local reply = 1
