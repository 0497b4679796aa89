-- The last changes, newest first. KEYS: the history.
return redis.call('LRANGE', KEYS[1], 0, -1)
