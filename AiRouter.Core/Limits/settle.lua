-- Puts what a request really used in the place of what it held. args: tokens, billionths of a dollar, milliseconds since it ended; then
-- the request. Settling again changes nothing; what was never held is counted all the same, and a late reservation then holds nothing.

local record = call('GET', KEYS[1])
if record == 'S' then
  return 0
end

local used_tokens, used_money, age = tonumber(args[1]), tonumber(args[2]), tonumber(args[3])
local r = read_request(4, 1)
local admitted, flags_held
if record then
  admitted, flags_held = string.match(record, '^A|(%d+)|(%d+)$')
  admitted = tonumber(admitted)
end

local function release(s, member)
  local _, slots, tokens, money = amounts_of(member)
  if call('ZREM', s.leases, member) == 0 then
    forget(s, member)
    return
  end
  s.held, s.slots, s.held_tokens = max(0, s.held - 1), max(0, s.slots - slots), max(0, s.held_tokens - tokens)
  if s.day then
    add_money(s, floor(admitted / DAY), -money, 0)
  end
  local duration = max(1, now - age - admitted)
  local mean = now < s.mean_at + MEAN_LIFE and s.mean or 0
  s.mean = mean > 0 and mean + floor((duration - mean) / 8) or duration
  s.mean_at = now
end

for i, s in ipairs(r.subjects) do
  local flags = record and tonumber(string.sub(flags_held, i, i)) or flags_of(s)
  if flags > 0 then
    if s.limit_money then
      open_budget(s, r.time)
    end
    touch(s, s.kind)
    if record then
      release(s, member_of(r, admitted, flags))
    end
    if flags % 4 >= 2 and age < WINDOW then
      count(s, 0, used_tokens)
    end
    if flags >= 4 and s.day then
      add_money(s, floor((admitted or r.time) / DAY), 0, used_money)
    end
  end
  save(s)
end

call('SET', r.key, 'S', 'PX', SETTLED_LIFE)
return 1
