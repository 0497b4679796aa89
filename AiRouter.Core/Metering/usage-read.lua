-- All fields of one hour's or day's usage, each followed by its value.
return redis.call('HGETALL', KEYS[1])
