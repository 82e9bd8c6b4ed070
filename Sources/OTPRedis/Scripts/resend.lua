-- SPDX-License-Identifier: Apache-2.0
-- Counts an admitted resend.
-- requires: now, wait, head, attempts_remaining, expiry, sends, sealed
-- changes: sends
-- defines: reply
--
-- Reply: an admission, followed by the key ID, the authenticator and the sealed code, with a length before each part of
-- variable size; or a refusal; or one of the outcomes exhausted, absent and unknown key.

sends = sends + 1
local reply = struct.pack(ADMISSION.format, REPLY.success, now, expiry, now + wait, attempts_remaining)
    .. string.sub(head, HEAD.key_id_length + 1) .. string.char(#sealed) .. sealed
