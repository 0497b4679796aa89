-- Writes a key record: a new one, an edited one, or one with a new secret.
-- KEYS: records, index, revoked, changes, version, latch, audit.
-- args: id, expected version (0: new), name, hash, record, audit entry, channel, and the moment (milliseconds) at which the
-- secret of before ends when the hash is another one (0: now).
-- Returns the outcome and the record as it is then ('' for none).
local records, index, revoked, changes, version, latch, audit =
  KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7]
local id, expected, name, hash, record = args[1], tonumber(args[2]), args[3], args[4], args[5]

local stored = redis.call('HGET', records, id)
if not stored and expected > 0 then
  return {'NotFound', ''}
end
local before = stored and cjson.decode(stored) or {version = 0}
if before.version ~= expected then
  return {'Conflict', stored}
end
if before.name ~= name and redis.call('HEXISTS', index, 'name:' .. name) == 1 then
  return {'NameTaken', stored or ''}
end
if before.hash ~= hash and
  (redis.call('HEXISTS', index, 'hash:' .. hash) == 1 or redis.call('HEXISTS', revoked, hash) == 1) then
  return {'HashTaken', stored or ''}
end

-- Later than any before, and never one that was given before a crash lost it or somebody emptied the store.
local next = math.max(tonumber(redis.call('GET', version) or '0') + 1, now)
local function note(member)
  redis.call('ZADD', changes, string.format('%.0f', next), member)
end
local function revoke(dead, from)
  redis.call('HSET', revoked, dead, from)
  note('r:' .. dead)
end

if before.name and before.name ~= name then
  redis.call('HDEL', index, 'name:' .. before.name)
end
if before.hash and before.hash ~= hash then
  redis.call('HDEL', index, 'hash:' .. before.hash)
  revoke(before.hash, args[8])
  if before.previousHash then
    revoke(before.previousHash, '0')
  end
end
redis.call('HSET', index, 'name:' .. name, id)
redis.call('HSET', index, 'hash:' .. hash, id)
redis.call('HSET', records, id, record)
note('k:' .. id)

redis.call('SETNX', latch, id)
redis.call('ZREMRANGEBYRANK', changes, 0, -10001)
redis.call('LPUSH', audit, args[6])
redis.call('LTRIM', audit, 0, 999)
redis.call('SET', version, string.format('%.0f', next))
redis.call('PUBLISH', args[7], string.format('%.0f', next))
return {'Done', record}
