-- Extends the leases of requests that are still running. args[1]: how many; then the requests. What had expired is held again, and what
-- the store does not know too: it does run.

local at, key = 2, 1
for _ = 1, tonumber(args[1]) do
  local r
  r, at, key = read_request(at, key)
  local record = call('GET', r.key)
  if not record then
    hold_request(r)
  elseif record ~= 'S' then
    local admitted, flags_held = string.match(record, '^A|(%d+)|(%d+)$')
    for i, s in ipairs(r.subjects) do
      local flags = tonumber(string.sub(flags_held, i, i)) or 0
      if flags > 0 then
        if s.limit_money then
          open_budget(s, r.time)
        end
        touch(s, s.kind)
        local member = member_of(r, tonumber(admitted), flags)
        if call('ZSCORE', s.leases, member) then
          call('ZADD', s.leases, int(now + LEASE), member)
          arm(s)
          s.first_end, s.last_end = min(s.first_end, now + LEASE), max(s.last_end, now + LEASE)
        else
          forget(s, member)
          hold(s, member)
        end
      end
    end
    call('PEXPIRE', r.key, EXPIRED_LIFE)
  end
  for _, s in ipairs(r.subjects) do
    save(s)
  end
end
return 1
