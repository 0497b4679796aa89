-- All fields of one minute's, hour's or day's usage, each followed by its value.
return redis.call('HGETALL', KEYS[1])
