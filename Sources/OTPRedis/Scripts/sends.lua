-- The messages of the number: forgets those that no limit depends on any more, and tells what the others allow.

while #sends > 0 and struct.unpack('>I6', sends) + LIMITS.send_span <= now do
    sends = string.sub(sends, 7)
end
if #sends == 0 or struct.unpack('>I6', sends, #sends - 5) + LIMITS.cooldown_reset <= now then
    step = 0
end

local function consider_sends()
    if step > 0 then
        local waits = LIMITS.cooldown
        local its_cooldown = waits[step] or waits[#waits]
        local its_wait = struct.unpack('>I6', sends, #sends - 5) + its_cooldown - now
        if its_wait > wait and its_wait <= its_cooldown + LIMITS.tolerance then
            kind, index, wait = COOLDOWN, 0, its_wait
        end
    end
    consider_windows(SENDS, sends, 6, LIMITS.sends)
end
