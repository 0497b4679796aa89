-- Whether scripts run and changes are taken, and what time it is. KEYS[1]: a key of no other use, so that the server that has all
-- our keys answers.
redis.call('SET', KEYS[1], 'x', 'PX', '60000')
return now
