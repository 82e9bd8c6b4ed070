-- SPDX-License-Identifier: Apache-2.0
-- Reads the server's time in whole seconds, and computes the day.
-- requires: nothing
-- defines: now, today

-- Cache globals in locals: global lookups are slower.
local redis, struct = redis, struct
local now = redis.call('TIME')[1] + 0
local today = (now - now % LEDGER.day) / LEDGER.day
