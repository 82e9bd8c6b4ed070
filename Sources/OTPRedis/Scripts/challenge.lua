-- The record of one challenge: version (1 byte), guesses of the code (1), guesses in all (1), messages (1),
-- expiry (6), check (16), authenticator (32), key id and sealed code (a length of 1 byte and as many bytes each).

local function read_challenge(packed, check)
    if not packed then
        return nil
    end
    local challenge, version = {}, 0
    version, challenge.guesses_of_code, challenge.guesses, challenge.sends, challenge.expiry,
        challenge.check, challenge.authenticator, challenge.key, challenge.sealed =
        struct.unpack('>BBBBI6c16c32Bc0Bc0', packed)
    assert(version == 1, 'a record of another version')
    if challenge.check ~= check or challenge.expiry <= now then
        return nil
    end
    return challenge
end

local function write_challenge(challenge)
    return struct.pack('>BBBBI6c16c32Bc0Bc0', 1,
        challenge.guesses_of_code, challenge.guesses, challenge.sends, challenge.expiry,
        challenge.check, challenge.authenticator,
        #challenge.key, challenge.key, #challenge.sealed, challenge.sealed)
end

local function attempts_remaining(challenge, limits)
    return math.max(0, math.min(
        limits.guesses_per_code - challenge.guesses_of_code,
        limits.guesses_per_challenge - challenge.guesses))
end
