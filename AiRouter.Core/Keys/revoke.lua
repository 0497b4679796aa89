-- Ends secrets for ever: those of a record, which is removed, and others by their hashes.
-- KEYS: records, index, revoked, changes, version, latch, audit.
-- args: id ('': no record), audit entry, channel, then hashes.
local records, index, revoked, changes, version, latch, audit =
  KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7]
local id = args[1]

local dead = {}
for i = 4, #args do
  dead[#dead + 1] = args[i]
end
local before
if id ~= '' then
  local stored = redis.call('HGET', records, id)
  if not stored then
    return {'NotFound', ''}
  end
  before = cjson.decode(stored)
  dead[#dead + 1] = before.hash
  if before.previousHash then
    dead[#dead + 1] = before.previousHash
  end
end

-- Routers tell a store what it has forgotten, all at the same time: the first is enough.
local isNew = before ~= nil
for _, hash in ipairs(dead) do
  isNew = isNew or redis.call('HGET', revoked, hash) ~= '0'
end
if not isNew then
  return {'Done', ''}
end

local next = math.max(tonumber(redis.call('GET', version) or '0') + 1, now)
local function note(member)
  redis.call('ZADD', changes, string.format('%.0f', next), member)
end
for _, hash in ipairs(dead) do
  redis.call('HSET', revoked, hash, '0')
  note('r:' .. hash)
end
if before then
  redis.call('HDEL', index, 'name:' .. before.name, 'hash:' .. before.hash)
  redis.call('HDEL', records, id)
  note('k:' .. id)
end

redis.call('SETNX', latch, id ~= '' and id or 'revoked')
redis.call('ZREMRANGEBYRANK', changes, 0, -10001)
redis.call('LPUSH', audit, args[2])
redis.call('LTRIM', audit, 0, 999)
redis.call('SET', version, string.format('%.0f', next))
redis.call('PUBLISH', args[3], string.format('%.0f', next))
return {'Done', ''}
