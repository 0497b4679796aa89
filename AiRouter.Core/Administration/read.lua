-- All admin keys. KEYS: admin keys.
return redis.call('HVALS', KEYS[1])
