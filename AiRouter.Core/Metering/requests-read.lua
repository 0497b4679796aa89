-- The newest entries of the request log. args: 1 how many, 2 how many newer ones are left out.
local first = tonumber(args[2])
return redis.call('ZREVRANGE', KEYS[1], string.format('%.0f', first), string.format('%.0f', first + tonumber(args[1]) - 1))
