-- Adds entries to the request log and keeps the newest.
-- KEYS: the log, then the place of the bodies of each entry that has some.
-- args: 1 how many entries stay, 2 how long the log stays after its last entry (ms), 3 how long bodies stay (ms); then for each entry:
--       when it ended (ms since 1970), the entry, its bodies (empty: none).
local place = 1
for i = 4, #args, 3 do
  redis.call('ZADD', KEYS[1], args[i], args[i + 1])
  if args[i + 2] ~= '' then
    place = place + 1
    redis.call('SET', KEYS[place], args[i + 2], 'PX', args[3])
  end
end
local many = redis.call('ZCARD', KEYS[1]) - tonumber(args[1])
if many > 0 then
  redis.call('ZREMRANGEBYRANK', KEYS[1], 0, string.format('%.0f', many - 1))
end
redis.call('PEXPIRE', KEYS[1], args[2])
return 1
