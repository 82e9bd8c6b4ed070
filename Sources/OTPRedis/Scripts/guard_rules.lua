-- SPDX-License-Identifier: Apache-2.0
-- Decodes the rules of the records.
-- requires: nothing
-- defines: rules
--
-- ARGV[1]: the different rules. ARGV[2]: for each record, one byte with the position of its rules.

local rules, different = {}, {}
for start = 1, #ARGV[1], RULE.size do
    different[#different + 1] = { struct.unpack(RULE.format, ARGV[1], start) }
end
for i = 1, #ARGV[2] do
    rules[i] = different[string.byte(ARGV[2], i)]
end
