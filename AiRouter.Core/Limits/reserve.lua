-- Admits a request and holds what it may come to, or says what stands in the way. args[1]: 'reserve', 'check' (holds nothing) or
-- 'read' (only tells how the subjects stand). Then the request.
-- Returns numbers: the subject that stands in the way (0: none), its kind, the milliseconds to wait (-1: for ever), and eight for each
-- subject.

local r = read_request(2, 1)

-- How long the oldest request still takes, if it takes as long as others did; without others, as long again as so far.
local function estimate(s)
  local oldest = call('ZRANGE', s.leases, 0, 0)[1]
  if not oldest then
    return SHORTEST
  end
  local age = now - tonumber(string.match(oldest, '^%d+'))
  local mean = now < s.mean_at + MEAN_LIFE and s.mean or 0
  local rest = mean > 0 and max(mean - age, floor(mean / 4)) or age
  return min(max(rest, SHORTEST), LONGEST)
end

-- The entries of a window, oldest first, read from the list as far as needed.
local function entries_of(s)
  local chunk, at, from, is_over = {}, 0, 0, false
  return function()
    at = at + 1
    if at > #chunk and from < s.entries then
      chunk = call('LRANGE', s.window, from, from + 63)
      from, at = from + 64, 1
    end
    if chunk[at] then
      return unpack_from(ENTRY, chunk[at])
    end
    if not is_over then
      is_over = true
      return s.tail_end, s.tail_requests, s.tail_tokens
    end
    return nil
  end
end

local function wait_for_requests(s, amount)
  local next_entry = entries_of(s)
  local ends, requests
  repeat
    ends, requests = next_entry()
    amount = amount - (requests or amount)
  until amount <= 0
  return (ends or now) + WINDOW - now
end

-- Settled and expired ones are freed by time alone; what is left has to end first.
local function wait_for_tokens(s, amount)
  if amount > s.tokens + s.expired_tokens then
    return estimate(s)
  end
  local expired = s.expired_tokens > 0 and call('ZRANGE', s.expired, 0, -1, 'WITHSCORES') or {}
  local at = 1
  local next_entry = entries_of(s)
  local ends, _, tokens = next_entry()
  while true do
    local lease_end = tonumber(expired[at + 1])
    if not lease_end and not ends then
      return WINDOW
    end
    local freed
    if lease_end and (not ends or lease_end < ends) then
      local _, _, held = amounts_of(expired[at])
      freed, amount, at = lease_end, amount - held, at + 2
    else
      freed, amount = ends, amount - tokens
      ends, _, tokens = next_entry()
    end
    if amount <= 0 then
      return freed + WINDOW - now
    end
  end
end

local function wait_for_money(s, asked)
  if asked > s.limit_money then
    return nil
  end
  local until_next = s.day and end_of_period(s.kind, s.day)
  until_next = until_next and until_next - now
  if s.spent[s.kind] + asked > s.limit_money then
    return until_next
  end
  return min(until_next or LONGEST, estimate(s))
end

local refused, refused_kind, refused_wait = 0, 0, 0

local function refuse(subject, kind, wait)
  if refused == 0 or (refused_wait and (not wait or wait > refused_wait)) then
    refused, refused_kind, refused_wait = subject, kind, wait
  end
end

local function find(i, s)
  local tokens, slots, money = tonumber(r.tokens), tonumber(r.slots), tonumber(r.money)
  if s.limit_requests and s.requests + 1 > s.limit_requests then
    refuse(i, 0, wait_for_requests(s, s.requests + 1 - s.limit_requests))
  end
  if s.limit_tokens then
    local over = s.tokens + s.expired_tokens + s.held_tokens + tokens - s.limit_tokens
    if over > 0 then
      refuse(i, 1, tokens <= s.limit_tokens and wait_for_tokens(s, over) or nil)
    end
  end
  if s.limit_slots and s.slots + slots > s.limit_slots then
    refuse(i, 2, slots <= s.limit_slots and estimate(s) or nil)
  end
  if s.limit_money then
    local used = s.day and s.spent[s.kind] + s.reserved[s.kind] or 0
    if used + money > s.limit_money then
      refuse(i, 3, wait_for_money(s, money))
    end
  end
end

if args[1] ~= 'read' and not call('GET', r.key) then
  for i, s in ipairs(r.subjects) do
    find(i, s)
  end
  if refused == 0 and args[1] == 'reserve' then
    if not hold_request(r) then
      call('SET', r.key, 'S', 'PX', SETTLED_LIFE)
    end
    for _, s in ipairs(r.subjects) do
      count(s, s.limit_requests and 1 or 0, 0)
    end
  end
end

local answer = { format('%.0f %.0f %.0f', refused, refused_kind, refused_wait or -1) }
for i, s in ipairs(r.subjects) do
  save(s)
  local requests_reset = s.requests > 0 and s.last_requests + WINDOW - now or 0
  local tokens_reset = s.tokens > 0 and s.last_tokens + WINDOW - now or 0
  if s.expired_tokens > 0 then
    local last = tonumber(call('ZRANGE', s.expired, -1, -1, 'WITHSCORES')[2])
    tokens_reset = max(tokens_reset, last + WINDOW - now)
  end
  local spent, reserved, unsettled = 0, 0, 0
  if s.day and s.kind > 0 then
    spent, reserved, unsettled = s.spent[s.kind], s.reserved[s.kind], s.unsettled[s.kind]
  end
  answer[i + 1] = format('%.0f %.0f %.0f %.0f %.0f %.0f %.0f %.0f', s.requests, requests_reset,
    s.tokens + s.expired_tokens + s.held_tokens, tokens_reset, s.slots, spent, reserved, unsettled)
end
return table.concat(answer, ' ')
