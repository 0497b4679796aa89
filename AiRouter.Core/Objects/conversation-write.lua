-- Makes a conversation or adds to it, all of it or nothing.
-- KEYS: 1 what is known of it, 2 its items by their ids, 3 their ids in order.
-- args: 1 for how long it is kept from now on (milliseconds; 0: no longer than before), 2 when it was made ('' unless it is made now),
--       3 its metadata ('' leaves it), 4 the most items, 5 the most bytes, then an id and the text of each item. An item that is there
--       already is not added again.
-- Returns 1: done, 0: there is no such conversation, -1: it has no room.
local known = redis.call('HGET', KEYS[1], 'bytes')
if args[2] == '' and not known then
  return 0
end

local bytes = tonumber(known or '0')
local number = tonumber(redis.call('HGET', KEYS[1], 'next') or '0')
local added = {}
for i = 6, #args, 2 do
  if redis.call('HEXISTS', KEYS[2], args[i]) == 0 then
    added[#added + 1] = i
    bytes = bytes + #args[i] + #args[i + 1]
  end
end
if #added > 0 and (redis.call('ZCARD', KEYS[3]) + #added > tonumber(args[4]) or bytes > tonumber(args[5])) then
  return -1
end

for _, i in ipairs(added) do
  number = number + 1
  redis.call('HSET', KEYS[2], args[i], args[i + 1])
  redis.call('ZADD', KEYS[3], string.format('%.0f', number), args[i])
end
redis.call('HSET', KEYS[1], 'bytes', string.format('%.0f', bytes), 'next', string.format('%.0f', number))
if args[2] ~= '' then
  redis.call('HSET', KEYS[1], 'made', args[2])
end
if args[3] ~= '' then
  redis.call('HSET', KEYS[1], 'metadata', args[3])
end

-- Keys that came with these items last as long as the others.
local left = args[1]
if left == '0' then
  left = string.format('%.0f', redis.call('PTTL', KEYS[1]))
end
if tonumber(left) > 0 then
  for _, key in ipairs(KEYS) do
    redis.call('PEXPIRE', key, left)
  end
end
return 1
