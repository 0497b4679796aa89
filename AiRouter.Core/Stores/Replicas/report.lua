-- A process says that it is there, or that it leaves.
-- KEYS: reports by id, when each was heard (a sorted set of ROLE:ID), hash of the configuration that each router serves, the
-- highest version of the configuration that anybody has served.
-- args: id, role, report ('' to leave), hash of its configuration, version of it (0: none of the store's), how many
-- milliseconds a report counts.
-- Returns how many routers there are, and how many different configurations they serve.
local id, role, report, hash, version = args[1], args[2], args[3], args[4], tonumber(args[5])
local member = role .. ':' .. id

local function forget(gone)
  local gone_id = string.match(gone, ':(.*)$')
  redis.call('ZREM', KEYS[2], gone)
  redis.call('HDEL', KEYS[1], gone_id)
  redis.call('HDEL', KEYS[3], gone_id)
end
local late = string.format('%.0f', now - tonumber(args[6]))
for _, gone in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', '(' .. late)) do
  forget(gone)
end

if report == '' then
  forget(member)
else
  redis.call('HSET', KEYS[1], id, report)
  redis.call('ZADD', KEYS[2], string.format('%.0f', now), member)
  if role == 'api' and hash ~= '' then
    redis.call('HSET', KEYS[3], id, hash)
  end
end
for i = 1, 3 do
  redis.call('PEXPIRE', KEYS[i], 60000)
end

if version > tonumber(redis.call('GET', KEYS[4]) or '0') then
  redis.call('SET', KEYS[4], string.format('%.0f', version))
end

local routers = 0
for _, present in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
  if string.sub(present, 1, 4) == 'api:' then
    routers = routers + 1
  end
end
local different, seen = 0, {}
for _, other in ipairs(redis.call('HVALS', KEYS[3])) do
  if not seen[other] then
    seen[other] = true
    different = different + 1
  end
end
return {routers, different}
