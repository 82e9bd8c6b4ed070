-- SPDX-License-Identifier: Apache-2.0
-- Adds counts to the report of a day, like `ReportDay.swift`.
-- requires: nothing
--
-- KEYS: the report of the day, with one line for each event: the count and the text of the event.
-- ARGV: the counts in the same form; the day.

local counts, events, blocks = {}, {}, 0

local function add(count, event)
    if counts[event] then
        counts[event] = counts[event] + count
        return
    end
    local of_region = string.match(event, '^(%S+ %S+) ')
    if of_region and blocks >= REPORT.most_blocks then
        return add(count, of_region)
    end
    if of_region then
        blocks = blocks + 1
    end
    counts[event] = count + 0
    events[#events + 1] = event
end

for count, event in string.gmatch((redis.call('GET', KEYS[1]) or '') .. ARGV[1], '(%-?%d+) ([^\n]+)\n') do
    add(count, event)
end
local lines = {}
for i = 1, #events do
    lines[i] = string.format('%d %s\n', counts[events[i]], events[i])
end
redis.call('SET', KEYS[1], table.concat(lines), 'PXAT', (ARGV[2] + REPORT.retention + 1) * LEDGER.day * 1000 - 1)
return 1
