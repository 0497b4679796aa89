-- The newest entries of the request log. args: 1 how many.
return redis.call('ZREVRANGE', KEYS[1], 0, string.format('%.0f', tonumber(args[1]) - 1))
