-- All records and revoked hashes, or only what has changed since a version.
-- KEYS: records, revoked, changes, version, latch.
-- args: the version that the reader has (0: none), the latch that it has.
-- Returns version, latch ('': there has never been a key), whether it is everything, records (id, record, …; a record that
-- is gone is '') and revoked hashes (hash, from when, …).
local records, revoked, changes = KEYS[1], KEYS[2], KEYS[3]
local version = redis.call('GET', KEYS[4]) or '0'
local latch = redis.call('GET', KEYS[5]) or ''
local since = tonumber(args[1])

-- Only the last changes are listed: a reader that has not seen the first of them may have missed others.
local first = redis.call('ZRANGE', changes, 0, 0, 'WITHSCORES')
local isListed = first[2] and since >= tonumber(first[2]) and since <= tonumber(version)
if since == 0 or latch ~= args[2] or not isListed then
  return {version, latch, 1, redis.call('HGETALL', records), redis.call('HGETALL', revoked)}
end

local changed, dead = {}, {}
for _, member in ipairs(redis.call('ZRANGEBYSCORE', changes, '(' .. args[1], '+inf')) do
  local name = string.sub(member, 3)
  if string.sub(member, 1, 2) == 'k:' then
    changed[#changed + 1] = name
    changed[#changed + 1] = redis.call('HGET', records, name) or ''
  else
    dead[#dead + 1] = name
    dead[#dead + 1] = redis.call('HGET', revoked, name) or '0'
  end
end
return {version, latch, 0, changed, dead}
