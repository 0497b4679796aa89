-- Cancels a job: from now on its response is the one given here. KEYS: 1 its response, 2 its sign of life.
-- args: 1 the response, 2 how long the job can find out (milliseconds). Returns 1; or 0 when there is no job (any more), or it was
-- cancelled before.
local left = redis.call('PTTL', KEYS[1])
local life = redis.call('GET', KEYS[2])
if left <= 0 or not life or life == 'cancelled' then
  return 0
end
redis.call('SET', KEYS[1], args[1], 'PX', string.format('%.0f', left))
redis.call('SET', KEYS[2], 'cancelled', 'PX', args[2])
return 1
