-- How limits count in the store: after budget.lua, in front of reserve.lua, settle.lua and renew.lua. SubjectState.cs counts the same in
-- memory, in the same order, so that both give the same answers; its comments say why.
--
-- A subject has four keys: its state (numbers, packed), the closed entries of its window (a list), its leases (a sorted set by their
-- end) and those that expired in the last minute (likewise). A request has one: 'A|admitted|flags' while it is held, 'S' afterwards.
-- A lease's member is 'admitted|id|slots|tokens|nanoUsd', so a sweep needs no other key; '-' is what was not limited.

local WINDOW, BUCKET, LEASE, STEP = 60000, 100, 30000, 1000
local SHORTEST, LONGEST, MEAN_LIFE = 1000, 60000, 60000
local SETTLED_LIFE, EXPIRED_LIFE, IDLE_LIFE, BUDGET_LIFE = 600000, 86400000, 150000, 40 * 86400000

local call, format = redis.call, string.format
local pack, unpack_from = struct.pack, struct.unpack
local BASE = '<B' .. string.rep('d', 19)
local WITH_BUDGET = BASE .. string.rep('d', 13)
local ENTRY = '<ddd'

local function int(number)
  return format('%.0f', number)
end

-- State.

local function load(at)
  local s = { state = KEYS[at], window = KEYS[at + 1], leases = KEYS[at + 2], expired = KEYS[at + 3] }
  local text = call('GET', s.state)
  if not text then
    s.is_new, s.keep, s.requests, s.tokens, s.tail_end, s.tail_requests, s.tail_tokens = true, 0, 0, 0, 0, 0, 0
    s.entries, s.head_end, s.last_requests, s.last_tokens, s.held, s.first_end, s.last_end = 0, 0, 0, 0, 0, 0, 0
    s.slots, s.held_tokens, s.expired_tokens, s.mean, s.mean_at, s.armed = 0, 0, 0, 0, 0, 0
    return s
  end
  local _, at_budget
  _, s.keep, s.requests, s.tokens, s.tail_end, s.tail_requests, s.tail_tokens,
    s.entries, s.head_end, s.last_requests, s.last_tokens, s.held, s.first_end, s.last_end,
    s.slots, s.held_tokens, s.expired_tokens, s.mean, s.mean_at, s.armed, at_budget = unpack_from(BASE, text)
  if #text >= at_budget then
    local p, r, u = {}, {}, {}
    s.day, p[1], p[2], p[3], p[4], r[1], r[2], r[3], r[4], u[1], u[2], u[3], u[4] =
      unpack_from('<ddddddddddddd', text, at_budget)
    s.spent, s.reserved, s.unsettled = p, r, u
  end
  return s
end

-- Before anything of a subject changes because of a request: how long it is to be kept. What is left of a subject whose state was
-- forgotten must not count for the new one.
local function touch(s, kind)
  if s.is_new then
    call('DEL', s.window, s.leases, s.expired)
    s.is_new = false
  end
  local keep = kind == TOTAL and 2 or s.day and 1 or 0
  if keep ~= s.keep then
    s.keep, s.armed = keep, 0
  end
  s.changed = true
end

local function life_of(s)
  return s.keep == 1 and BUDGET_LIFE or IDLE_LIFE
end

local function save(s)
  if not s.changed then
    return
  end
  local text
  if s.day then
    local p, r, u = s.spent, s.reserved, s.unsettled
    text = pack(WITH_BUDGET, 1, s.keep, s.requests, s.tokens, s.tail_end, s.tail_requests, s.tail_tokens,
      s.entries, s.head_end, s.last_requests, s.last_tokens, s.held, s.first_end, s.last_end,
      s.slots, s.held_tokens, s.expired_tokens, s.mean, s.mean_at, s.armed,
      s.day, p[1], p[2], p[3], p[4], r[1], r[2], r[3], r[4], u[1], u[2], u[3], u[4])
  else
    text = pack(BASE, 1, s.keep, s.requests, s.tokens, s.tail_end, s.tail_requests, s.tail_tokens,
      s.entries, s.head_end, s.last_requests, s.last_tokens, s.held, s.first_end, s.last_end,
      s.slots, s.held_tokens, s.expired_tokens, s.mean, s.mean_at, s.armed)
  end
  if s.keep == 2 then
    call('SET', s.state, text)
  else
    call('SET', s.state, text, 'PX', int(life_of(s)))
  end
end

-- The window: the newest entry is in the state, those before it in the list.

local function age_window(s)
  if s.tail_end == 0 then
    return
  end
  local newest = (floor(now / BUCKET) + 1) * BUCKET
  if s.tail_end > newest + STEP then
    call('DEL', s.window)
    s.entries, s.tail_end, s.tail_requests, s.tail_tokens = 0, newest, s.requests, s.tokens
    s.last_requests, s.last_tokens = newest, newest
    s.changed = true
  end
  if s.tail_end + WINDOW <= now then
    if s.entries > 0 then
      call('DEL', s.window)
    end
    s.entries, s.tail_end, s.tail_requests, s.tail_tokens, s.requests, s.tokens = 0, 0, 0, 0, 0, 0
    s.changed = true
    return
  end
  while s.entries > 0 and s.head_end + WINDOW <= now do
    local oldest = call('LRANGE', s.window, 0, 63)
    local gone = 0
    for _, entry in ipairs(oldest) do
      local entry_end, requests, tokens = unpack_from(ENTRY, entry)
      if entry_end + WINDOW > now then
        s.head_end = entry_end
        break
      end
      s.requests, s.tokens, gone = s.requests - requests, s.tokens - tokens, gone + 1
    end
    if gone == 0 and #oldest == 0 then
      -- The list was lost (evicted): only the newest entry is known.
      s.entries, s.requests, s.tokens = 0, s.tail_requests, s.tail_tokens
    else
      call('LTRIM', s.window, gone, -1)
      s.entries = s.entries - gone
    end
    s.changed = true
  end
end

local function count(s, requests, tokens)
  if requests == 0 and tokens == 0 then
    return
  end
  local newest = (floor(now / BUCKET) + 1) * BUCKET
  if s.tail_end < newest then
    if s.tail_end > 0 then
      call('RPUSH', s.window, pack(ENTRY, s.tail_end, s.tail_requests, s.tail_tokens))
      call('PEXPIRE', s.window, IDLE_LIFE)
      s.head_end = s.entries == 0 and s.tail_end or s.head_end
      s.entries = s.entries + 1
    end
    s.tail_end, s.tail_requests, s.tail_tokens = newest, 0, 0
  end
  s.tail_requests, s.requests = s.tail_requests + requests, s.requests + requests
  s.tail_tokens, s.tokens = s.tail_tokens + tokens, s.tokens + tokens
  s.last_requests = requests > 0 and s.tail_end or s.last_requests
  s.last_tokens = tokens > 0 and s.tail_end or s.last_tokens
end

-- Leases.

local function amounts_of(member)
  local admitted, slots, tokens, money = string.match(member, '^(%d+)|.*|(%d+)|([%d-]+)|([%d-]+)$')
  return tonumber(admitted), tonumber(slots), tonumber(tokens) or 0, tonumber(money) or 0
end

-- The clock went far back: none of a set ends later than that.
local function limit_ends(key, latest)
  for _, member in ipairs(call('ZRANGEBYSCORE', key, '(' .. int(latest), '+inf')) do
    call('ZADD', key, int(latest), member)
  end
end

local function sweep_leases(s)
  if s.held == 0 then
    return
  end
  if s.last_end > now + LEASE + STEP then
    s.last_end = tonumber(call('ZRANGE', s.leases, -1, -1, 'WITHSCORES')[2]) or 0
    if s.last_end > now + LEASE + STEP then
      limit_ends(s.leases, now + LEASE)
      s.last_end, s.first_end = now + LEASE, min(s.first_end, now + LEASE)
    end
    s.changed = true
  end
  if s.first_end > now then
    return
  end
  local over = call('ZRANGEBYSCORE', s.leases, '-inf', int(now), 'WITHSCORES')
  for i = 1, #over, 2 do
    local admitted, slots, tokens, money = amounts_of(over[i])
    s.slots, s.held_tokens = s.slots - slots, s.held_tokens - tokens
    if s.day then
      expire_money(s, floor(admitted / DAY), money)
    end
    if tokens > 0 then
      call('ZADD', s.expired, over[i + 1], over[i])
      s.expired_tokens = s.expired_tokens + tokens
    end
  end
  if #over > 0 then
    call('ZREMRANGEBYSCORE', s.leases, '-inf', int(now))
    call('PEXPIRE', s.expired, 2 * IDLE_LIFE)
  end
  s.held = s.held - #over / 2
  s.first_end = tonumber(call('ZRANGE', s.leases, 0, 0, 'WITHSCORES')[2]) or 0
  if s.first_end == 0 then
    -- Where the set was lost, this is how what it held comes free.
    s.held, s.slots, s.held_tokens = 0, 0, 0
    s.reserved = s.day and { 0, 0, 0, 0 }
  end
  s.changed = true
end

local function sweep_expired(s)
  if s.expired_tokens == 0 then
    return
  end
  local last = tonumber(call('ZRANGE', s.expired, -1, -1, 'WITHSCORES')[2])
  if last and last > now + STEP then
    limit_ends(s.expired, now)
  end
  local over = call('ZRANGEBYSCORE', s.expired, '-inf', int(now - WINDOW))
  for _, member in ipairs(over) do
    local _, _, tokens = amounts_of(member)
    s.expired_tokens = s.expired_tokens - tokens
  end
  if #over > 0 then
    call('ZREMRANGEBYSCORE', s.expired, '-inf', int(now - WINDOW))
    s.changed = true
  end
  if #call('ZRANGE', s.expired, 0, 0) == 0 then
    s.expired_tokens, s.changed = 0, true
  end
end

-- Lets a subject's leases live as long as it does: when one is held or renewed, once a minute.
local function arm(s)
  if s.held == 0 or s.armed > now or s.armed + WINDOW < now then
    if s.keep == 2 then
      call('PERSIST', s.leases)
    else
      call('PEXPIRE', s.leases, int(2 * life_of(s)))
    end
    s.armed = now
  end
end

local function hold(s, member)
  local admitted, slots, tokens, money = amounts_of(member)
  local ends = now + LEASE
  call('ZADD', s.leases, int(ends), member)
  arm(s)
  s.first_end = s.held == 0 and ends or min(s.first_end, ends)
  s.last_end = max(s.held == 0 and ends or s.last_end, ends)
  s.held, s.slots, s.held_tokens = s.held + 1, s.slots + slots, s.held_tokens + tokens
  if s.day then
    add_money(s, floor(admitted / DAY), money, 0)
  end
end

-- Takes back what stands for a lease that has expired.
local function forget(s, member)
  local admitted, _, tokens, money = amounts_of(member)
  if tokens > 0 and call('ZREM', s.expired, member) == 1 then
    s.expired_tokens = s.expired_tokens - tokens
  end
  if s.day then
    take_back(s, floor(admitted / DAY), money)
  end
end

-- Requests: their id, amounts and subjects, as the caller gives them.

-- Reads a request that begins at an argument, whose first key is its own; returns it, and where the next one begins.
local function read_request(at, key)
  local r = { id = args[at], slots = args[at + 1], tokens = args[at + 2], money = args[at + 3], key = KEYS[key], subjects = {} }
  local subjects = tonumber(args[at + 4])
  at = at + 5
  key = key + 1
  local time = now
  for i = 1, subjects do
    local s = load(key)
    s.limit_requests, s.limit_tokens, s.limit_slots = tonumber(args[at]), tonumber(args[at + 1]), tonumber(args[at + 2])
    s.limit_money, s.kind = tonumber(args[at + 3]), tonumber(args[at + 4])
    r.subjects[i] = s
    if s.day and s.day * DAY - now <= PERIOD_STEP then
      time = max(time, s.day * DAY)
    end
    at, key = at + 5, key + 4
  end
  r.time = time
  for i = 1, subjects do
    local s = r.subjects[i]
    age_window(s)
    if s.day then
      open_budget(s, time)
    end
    sweep_leases(s)
    sweep_expired(s)
  end
  return r, at, key
end

-- What a request is to hold of a subject, as digits: 1 places, 2 tokens, 4 money.
local function flags_of(s)
  return (s.limit_slots and 1 or 0) + (s.limit_tokens and 2 or 0) + (s.limit_money and 4 or 0)
end

local function member_of(r, admitted, flags)
  return format('%.0f|%s|%s|%s|%s', admitted, r.id, flags % 2 == 1 and r.slots or '0',
    flags % 4 >= 2 and r.tokens or '-', flags >= 4 and r.money or '-')
end

-- Holds it for all its subjects that need that; returns whether any did.
local function hold_request(r)
  local flags = {}
  local is_held = false
  for i, s in ipairs(r.subjects) do
    flags[i] = flags_of(s)
    if flags[i] >= 4 then
      open_budget(s, r.time)
    end
    touch(s, s.kind)
    if flags[i] > 0 then
      hold(s, member_of(r, r.time, flags[i]))
      is_held = true
    end
  end
  if is_held then
    call('SET', r.key, 'A|' .. int(r.time) .. '|' .. table.concat(flags), 'PX', EXPIRED_LIFE)
  end
  return is_held
end

