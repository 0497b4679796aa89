-- An item of a conversation; asking for it keeps the conversation for as long again.
-- KEYS: 1 what is known of the conversation, 2 its items by their ids, 3 their ids in order.
-- args: 1 for how long it is kept from now on (milliseconds; 0: no longer than before), 2 'find' or 'remove', 3 the item's id.
-- Returns the item as it is, or was; '' when there is none.
local item = redis.call('HGET', KEYS[2], args[3])
if not item then
  return ''
end
if args[1] ~= '0' then
  for _, key in ipairs(KEYS) do
    redis.call('PEXPIRE', key, args[1])
  end
end
if args[2] == 'remove' then
  redis.call('HDEL', KEYS[2], args[3])
  redis.call('ZREM', KEYS[3], args[3])
  local bytes = tonumber(redis.call('HGET', KEYS[1], 'bytes')) - #args[3] - #item
  redis.call('HSET', KEYS[1], 'bytes', string.format('%.0f', bytes))
end
return item
