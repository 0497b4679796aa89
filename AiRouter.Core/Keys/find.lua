-- One key record. KEYS: records. args: id.
return redis.call('HGET', KEYS[1], args[1])
