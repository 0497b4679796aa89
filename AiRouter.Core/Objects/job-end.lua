-- Keeps what has come of a job, unless it was cancelled, or its response is not kept any more. KEYS: 1 its response, 2 its sign of life.
-- args: 1 for how long it is kept (milliseconds), 2 the response. Returns 1 when it is kept, else 0.
if redis.call('EXISTS', KEYS[1]) == 0 or redis.call('GET', KEYS[2]) == 'cancelled' then
  return 0
end
redis.call('SET', KEYS[1], args[2], 'PX', args[1])
redis.call('DEL', KEYS[2])
return 1
