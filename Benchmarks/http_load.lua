-- SPDX-License-Identifier: Apache-2.0
-- The requests of one run of scripts/bench http, for wrk.
--
--   echo KEY                 a JSON object that the server returns
--   issue KEY FIRST          codes for consecutive phone numbers
--   verify KEY FILE          a wrong code for each line of the file in turn, which contains a number and a token

local kind, key, position, targets

function init(arguments)
    kind, key = arguments[1], arguments[2]
    wrk.method = 'POST'
    wrk.headers['Authorization'] = 'Bearer ' .. key
    wrk.headers['Content-Type'] = 'application/json'
    targets, position = {}, 0
    if kind == 'issue' then
        position = tonumber(arguments[3])
        wrk.path = '/v1/verifications'
    elseif kind == 'verify' then
        wrk.path = '/v1/verifications/check'
        for line in io.lines(arguments[3]) do
            local number, token = line:match('^(%S+) (%S+)$')
            targets[#targets + 1] = ('{"number":"%s","token":"%s","code":"000000","purpose":"sign-in"}')
                :format(number, token)
        end
    else
        wrk.path = '/echo'
        wrk.body = ('{"number":"+8613800000000","token":"%s","code":"000000","purpose":"sign-in"}'):format(('t'):rep(46))
    end
end

function request()
    if kind == 'issue' then
        position = position + 1
        local source = position % 10000
        wrk.body = ('{"number":"+86138%08d","purpose":"sign-in","client":{"address":"10.1.%d.%d"}}')
            :format(position * 7919 % 20000000, (source - source % 250) / 250, source % 250)
    elseif kind == 'verify' then
        position = position % #targets + 1
        wrk.body = targets[position]
    end
    return wrk.format()
end

function done(summary, latency)
    local errors = summary.errors
    print(('{"requests":%d,"refusals":%d,"failures":%d,"seconds":%f,"p99":%f}'):format(
        summary.requests, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
        summary.duration / 1e6, latency:percentile(99)))
end
