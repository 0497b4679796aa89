-- What a session depends on. KEYS: admin keys, the mark that the session has ended.
-- Returns 1 or 0 for the mark, then all admin keys.
local answer = redis.call('HVALS', KEYS[1])
table.insert(answer, 1, redis.call('EXISTS', KEYS[2]))
return answer
