-- Whether a client key has ever existed, for the store and for whoever asks (R1).
-- KEYS: what the first key of the store leaves behind, the same for keys that a configuration declares.
-- args: '1' when the caller knows of one.
if args[1] == '1' then
  redis.call('SETNX', KEYS[2], string.format('%.0f', now))
end
if redis.call('EXISTS', KEYS[1]) == 1 or redis.call('EXISTS', KEYS[2]) == 1 then
  return 1
end
return 0
