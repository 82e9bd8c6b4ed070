-- The messages of the number: forgets those that no limit depends on any more, and tells what the others allow.

while #sends > 0 and struct.unpack('>I6', sends) + LIMITS.send_span <= now do
    sends = string.sub(sends, 7)
end
if #sends == 0 or struct.unpack('>I6', sends, #sends - 5) + LIMITS.cooldown_reset <= now then
    step = 0
end
if refused > 0 and refusal + LIMITS.refused_span <= now then
    refused = 0
end

local function consider_wait(its_kind, time, waits, count)
    local longest = waits[count] or waits[#waits]
    local its_wait = time + longest - now
    if its_wait > wait and its_wait <= longest + LIMITS.tolerance then
        kind, index, wait = its_kind, 0, its_wait
    end
end

local function consider_sends()
    if step > 0 then
        consider_wait(COOLDOWN, struct.unpack('>I6', sends, #sends - 5), LIMITS.cooldown, step)
    end
    if refused > 0 then
        consider_wait(REFUSED, refusal, LIMITS.refused_cooldown, refused)
    end
    consider_windows(SENDS, sends, 6, LIMITS.sends)
end
