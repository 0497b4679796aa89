-- Says that a file rules the configuration. KEYS: who rules it. args: who, for how many milliseconds.
redis.call('SET', KEYS[1], args[1], 'PX', args[2])
return now
