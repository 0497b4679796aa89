-- The reports of those who are there, each with when it was heard.
-- KEYS: reports by id, when each was heard. args: how many milliseconds a report counts.
local late = string.format('%.0f', now - tonumber(args[1]))
local found = {}
local heard = redis.call('ZRANGEBYSCORE', KEYS[2], late, '+inf', 'WITHSCORES')
for i = 1, #heard, 2 do
  local report = redis.call('HGET', KEYS[1], string.match(heard[i], ':(.*)$'))
  if report then
    found[#found + 1] = heard[i + 1]
    found[#found + 1] = report
  end
end
return found
