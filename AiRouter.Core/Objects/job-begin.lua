-- Keeps a response that is made in the background from now on. KEYS: 1 the response, 2 the sign of life of its job.
-- args: 1 for how long the response is kept (milliseconds), 2 the response, 3 how the job stands, 4 how long that counts (milliseconds).
redis.call('SET', KEYS[1], args[2], 'PX', args[1])
redis.call('SET', KEYS[2], args[3], 'PX', args[4])
return 1
