-- Remembers whose objects are. The first owner stays; being remembered again keeps an object for as long again.
-- KEYS: one for each object. args: for how long (milliseconds), then a value for each.
for i, key in ipairs(KEYS) do
  if not redis.call('SET', key, args[i + 1], 'NX', 'PX', args[1]) then
    redis.call('PEXPIRE', key, args[1])
  end
end
return #KEYS
