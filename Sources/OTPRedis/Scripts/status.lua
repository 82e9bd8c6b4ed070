-- Tells how a live challenge stands, and changes nothing.
-- KEYS: number. ARGV: identifier.
-- Reply: 0, time, expiry, opens at, attempts, messages; or 4, time: absent.

if not found then
    return struct.pack('>BI6', 4, now)
end
consider_sends()
return struct.pack('>BI6I6I6BB', 0, now, expiry, now + wait, attempts, messages)
