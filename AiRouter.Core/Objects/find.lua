-- Whose objects are. KEYS: one for each object. Returns a value for each, '' for one that is not remembered.
local values = {}
for i, key in ipairs(KEYS) do
  values[i] = redis.call('GET', key) or ''
end
return values
