-- The keys that protect sessions, newest first. KEYS: session keys.
return redis.call('LRANGE', KEYS[1], 0, -1)
