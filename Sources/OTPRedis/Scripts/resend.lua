-- Counts a further message of a challenge that was admitted.
-- Reply: 0, time, expiry, opens at, attempts, key id, authenticator, sealed code; 1, time, kind, index, wait: refused;
-- 2, time: exhausted; 4, time: absent; 5, time: unknown key.

messages = messages + 1
local reply = struct.pack('>BI6I6I6B', 0, now, expiry, now + wait, attempts) .. string.sub(head, 33)
    .. string.char(#sealed) .. sealed
