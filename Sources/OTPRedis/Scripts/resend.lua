-- Counts a further message of a challenge that was admitted.
-- Reply: 0, time, expiry, opens at, attempts, key id, authenticator, sealed code; 1, time, kind, index, wait: refused;
-- 2, time: exhausted; 4, time: absent.

messages = messages + 1
local reply = struct.pack('>BI6I6I6BBc0c32Bc0', 0, now, expiry, now + wait, attempts, #key, key, authenticator,
    #sealed, sealed)
