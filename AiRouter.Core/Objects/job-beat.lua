-- A job lives. KEYS: 1 its response, 2 its sign of life. args: 1 how it stands, 2 how long that counts (milliseconds).
-- Returns 1; or 0 when it is to end, because it was cancelled or its response is not kept any more.
if redis.call('EXISTS', KEYS[1]) == 0 or redis.call('GET', KEYS[2]) == 'cancelled' then
  return 0
end
redis.call('SET', KEYS[2], args[1], 'PX', args[2])
return 1
