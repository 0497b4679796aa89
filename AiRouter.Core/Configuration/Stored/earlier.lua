-- An earlier document, and what was noted of the change that made it.
-- KEYS: the history, the documents by version. args: the version.
local document = redis.call('HGET', KEYS[2], args[1])
if not document then
  return {}
end
for _, entry in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do
  if string.match(entry, '^%d+') == args[1] then
    return {document, entry}
  end
end
return {}
