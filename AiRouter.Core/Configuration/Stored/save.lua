-- Saves the configuration if it is still the one that the caller means, notes the change, and tells everybody.
-- KEYS: the configuration, its history (newest first), earlier documents by version, the highest version that anybody has
-- served, who rules it.
-- args: expected version, document, its hash, author, the change as it is noted, origin, lowest version that it may follow,
-- length of the history, channel.
local expected, document, hash, author, change = args[1], args[2], args[3], args[4], args[5]
local origin, above, length, channel = args[6], tonumber(args[7]), tonumber(args[8]), args[9]
local version = tonumber(redis.call('HGET', KEYS[1], 'version') or '0')
local served = tonumber(redis.call('GET', KEYS[4]) or '0')
local ruler = redis.call('GET', KEYS[5])

if version ~= tonumber(expected) then
  return {'conflict', string.format('%.0f', version), ''}
end
if ruler and origin ~= 'gitops' then
  return {'ruled', string.format('%.0f', version), ruler}
end
-- Empty although somebody serves a version of it: it was lost, and what a file says is not what was lost (R36).
if origin == 'seed' and (version > 0 or served > 0) then
  return {'lost', string.format('%.0f', served), ''}
end

-- Above everything that was ever served, so that every replica takes it for newer.
local new = string.format('%.0f', math.max(version, served, above) + 1)
local at = string.format('%.0f', now)
redis.call('HSET', KEYS[1], 'version', new, 'hash', hash, 'at', at, 'by', author, 'document', document)
if origin == 'seed' then
  redis.call('HSET', KEYS[1], 'seed', hash)
end
redis.call('HSET', KEYS[3], new, document)
redis.call('LPUSH', KEYS[2], new .. ' ' .. at .. ' ' .. change)
while redis.call('LLEN', KEYS[2]) > length do
  local oldest = redis.call('RPOP', KEYS[2])
  redis.call('HDEL', KEYS[3], string.match(oldest, '^%d+'))
end
redis.call('PUBLISH', channel, new)
return {'saved', new, ''}
