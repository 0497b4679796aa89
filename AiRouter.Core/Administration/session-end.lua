-- Ends a session for good. KEYS: the mark. args: for how many milliseconds its cookie could live on.
redis.call('SET', KEYS[1], '1', 'PX', tonumber(args[1]))
return now
