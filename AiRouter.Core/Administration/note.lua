-- Notes something in the audit. KEYS: audit. args: entry, length of the audit.
redis.call('LPUSH', KEYS[1], args[1])
redis.call('LTRIM', KEYS[1], 0, tonumber(args[2]) - 1)
return now
