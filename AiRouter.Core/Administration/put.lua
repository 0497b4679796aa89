-- Writes an admin key: a new one or an edited one.
-- KEYS: admin keys, audit.
-- args: id, expected version (0: new), record, audit entry, whether no admin need be left, length of the audit.
-- Returns the outcome and the record as it is then ('' for none).
local keys, audit = KEYS[1], KEYS[2]
local id, expected, record = args[1], tonumber(args[2]), args[3]

local stored = redis.call('HGET', keys, id)
if not stored and expected > 0 then
  return {'NotFound', ''}
end
if stored and cjson.decode(stored).version ~= expected then
  return {'Conflict', stored}
end
local after = cjson.decode(record)
local admins = after.role == 'Admin' and not after.expires and 1 or 0
for _, other in ipairs(redis.call('HVALS', keys)) do
  local decoded = cjson.decode(other)
  if decoded.id ~= id then
    if decoded.name == after.name then
      return {'NameTaken', stored or ''}
    end
    if decoded.role == 'Admin' and not decoded.expires then
      admins = admins + 1
    end
  end
end
if stored and admins == 0 and args[5] ~= '1' then
  return {'LastAdmin', stored}
end

redis.call('HSET', keys, id, record)
redis.call('LPUSH', audit, args[4])
redis.call('LTRIM', audit, 0, tonumber(args[6]) - 1)
return {'Done', record}
