-- Says that a file rules the configuration, and finds the one of those who say so that writes it.
-- KEYS: who rules it, who writes it. args: who rules, for how many milliseconds, who asks, for how many he may write.
redis.call('SET', KEYS[1], args[1], 'PX', args[2])
local leader = redis.call('GET', KEYS[2])
if leader and leader ~= args[3] then
  return 0
end
redis.call('SET', KEYS[2], args[3], 'PX', args[4])
return 1
