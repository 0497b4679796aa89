-- Forgets values. KEYS: theirs. Returns how many of them were there.
local count = 0
for _, key in ipairs(KEYS) do
  count = count + redis.call('DEL', key)
end
return count
