-- Removes an admin key.
-- KEYS: admin keys, audit.
-- args: id, expected version (0: any), audit entry, whether no admin need be left, length of the audit.
-- Returns the outcome and the record as it is then ('' for none).
local keys, audit = KEYS[1], KEYS[2]
local id, expected = args[1], tonumber(args[2])

local stored = redis.call('HGET', keys, id)
if not stored then
  return {'NotFound', ''}
end
if expected > 0 and cjson.decode(stored).version ~= expected then
  return {'Conflict', stored}
end
local admins = 0
for _, other in ipairs(redis.call('HVALS', keys)) do
  local decoded = cjson.decode(other)
  if decoded.id ~= id and decoded.role == 'Admin' and not decoded.expires then
    admins = admins + 1
  end
end
if admins == 0 and cjson.decode(stored).role == 'Admin' and args[4] ~= '1' then
  return {'LastAdmin', stored}
end

redis.call('HDEL', keys, id)
redis.call('LPUSH', audit, args[3])
redis.call('LTRIM', audit, 0, tonumber(args[5]) - 1)
return {'Done', ''}
