-- Forgets a value. KEYS[1]: its key. Returns 1 when it was there.
return redis.call('DEL', KEYS[1])
