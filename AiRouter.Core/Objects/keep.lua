-- Keeps a value for some time. KEYS[1]: its key. args: for how long (milliseconds), the value.
redis.call('SET', KEYS[1], args[2], 'PX', args[1])
return 1
