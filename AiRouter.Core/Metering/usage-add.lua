-- Adds one batch of usage, all of one minute or one hour, to each of the hashes that it belongs to, once.
-- KEYS: the number of the replica's last batch, then the hashes: the minute's, or the hour's and the day's.
-- args: 1 the batch's number, 2 how long that number is remembered (ms), 3 the most fields of a hash, then for each hash when it expires
--       (ms since 1970); then for each slot: its field, its counters ('0=12 5=3400'), the field of its key's name (empty: no key), the
--       name.
-- Returns 1 when it was added and 0 when it had been before, and how many slots had no place of their own.
local other = '[]'
local most = tonumber(args[3])
local firstSlot = 3 + #KEYS

local last = redis.call('GET', KEYS[1])
if last and tonumber(args[1]) <= tonumber(last) then
  return {0, 0}
end

-- The counters to be added, read once for all hashes.
local parsed = {}
local function numbers(added)
  local values = parsed[added]
  if not values then
    values = {}
    for place, value in string.gmatch(added, '(%d+)=(%d+)') do
      values[place] = tonumber(value)
    end
    parsed[added] = values
  end
  return values
end

-- Counters that do not change stay the text that they are.
local function sum(stored, added)
  if not stored then
    return added
  end
  local more, seen, out = numbers(added), {}, {}
  for place, value in string.gmatch(stored, '(%d+)=(%d+)') do
    if more[place] then
      value = string.format('%.0f', tonumber(value) + more[place])
      seen[place] = true
    end
    out[#out + 1] = place .. '=' .. value
  end
  for place, value in pairs(more) do
    if not seen[place] then
      out[#out + 1] = place .. '=' .. string.format('%.0f', value)
    end
  end
  return table.concat(out, ' ')
end

local function add(hash, expires)
  local left = expires - now
  local homeless = 0
  if left <= 0 then
    return homeless
  end
  local fields = redis.call('HLEN', hash)
  for i = firstSlot, #args, 4 do
    local field = args[i]
    local stored = redis.call('HGET', hash, field)
    local isOther = not stored and fields >= most
    if isOther then
      homeless = homeless + 1
      field = other
      stored = redis.call('HGET', hash, field)
    end
    if not stored then
      fields = fields + 1
    end
    redis.call('HSET', hash, field, sum(stored, args[i + 1]))
    if args[i + 2] ~= '' and not isOther then
      fields = fields + redis.call('HSET', hash, args[i + 2], args[i + 3])
    end
  end
  redis.call('PEXPIRE', hash, string.format('%.0f', left))
  return homeless
end

local homeless = 0
for i = 2, #KEYS do
  homeless = homeless + add(KEYS[i], tonumber(args[2 + i]))
end
redis.call('SET', KEYS[1], args[1], 'PX', args[2])
return {1, homeless}
