-- In front of every script. ARGV[1]: the last millisecond of the store's clock at which the script may still run, 0 for any.
-- ARGV[2]: the time to take for now, given by tests only. The caller's own arguments follow.
local now = tonumber(ARGV[2])
if not now then
  local time = redis.call('TIME')
  now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end
if tonumber(ARGV[1]) > 0 and now > tonumber(ARGV[1]) then
  return redis.error_reply('LATE the caller no longer waits')
end
local args = {}
for i = 3, #ARGV do
  args[i - 2] = ARGV[i]
end
