-- The last entries of the audit, newest first. KEYS: audit. args: how many.
return redis.call('LRANGE', KEYS[1], 0, tonumber(args[1]) - 1)
