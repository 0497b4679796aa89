-- A conversation and some of its items; being read keeps it for as long again.
-- KEYS: 1 what is known of it, 2 its items by their ids, 3 their ids in order.
-- args: 1 for how long it is kept from now on (milliseconds; 0: no longer than before), 2 'asc' or 'desc', 3 the id of the item behind
--       which they begin ('': all count), 4 the most items (-1: all).
-- Returns when it was made, its metadata, and the items; nothing when there is no such conversation.
local made = redis.call('HGET', KEYS[1], 'made')
if not made then
  return {}
end
if args[1] ~= '0' then
  for _, key in ipairs(KEYS) do
    redis.call('PEXPIRE', key, args[1])
  end
end

local result = {made, redis.call('HGET', KEYS[1], 'metadata')}
local most = tonumber(args[4])
local from = 0
if args[3] ~= '' then
  local rank = redis.call(args[2] == 'desc' and 'ZREVRANK' or 'ZRANK', KEYS[3], args[3])
  if rank then
    from = rank + 1
  else
    most = 0
  end
end
if most ~= 0 then
  local to = most < 0 and -1 or from + most - 1
  local ids = redis.call(
    args[2] == 'desc' and 'ZREVRANGE' or 'ZRANGE', KEYS[3], string.format('%.0f', from), string.format('%.0f', to))
  for _, id in ipairs(ids) do
    result[#result + 1] = redis.call('HGET', KEYS[2], id)
  end
end
return result
