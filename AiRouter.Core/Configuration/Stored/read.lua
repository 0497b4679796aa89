-- What the store knows of the configuration. The document comes along only when it is not the one that the caller has.
-- KEYS: the configuration, the highest version that anybody has served, who rules it.
-- args: the version and the content's hash that the caller has (0 and '' for none).
local current = redis.call('HMGET', KEYS[1], 'version', 'hash', 'at', 'by', 'seed')
local version = current[1] or '0'
local hash = current[2] or ''
local document = ''
if version ~= '0' and (version ~= args[1] or hash ~= args[2]) then
  document = redis.call('HGET', KEYS[1], 'document')
end
return {
  version, hash, current[3] or '0', current[4] or '', document,
  redis.call('GET', KEYS[2]) or '0', redis.call('GET', KEYS[3]) or '', current[5] or ''
}
