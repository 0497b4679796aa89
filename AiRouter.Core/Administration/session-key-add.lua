-- Adds a key that protects sessions. KEYS: session keys. args: the key, how many are kept.
redis.call('LPUSH', KEYS[1], args[1])
redis.call('LTRIM', KEYS[1], 0, tonumber(args[2]) - 1)
return now
