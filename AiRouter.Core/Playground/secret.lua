-- The secret that signs playground tokens now, and the one of before while its last tokens work.
-- KEYS: the secrets: lines of id, when it was made (ms since 1970) and the secret, the newest first.
-- args: 1 the id and 2 the text of a new secret, 3 how long a secret signs (ms), 4 how long it is known after that (ms),
--       5 the id of a secret that nobody can read any more (empty: none).
-- Returns the lines.
local stored = redis.call('GET', KEYS[1])
local newest
if stored then
  local id, made
  newest, id, made = string.match(stored, '^((%S+) (%d+) %S+)')
  -- A secret of the future was made before the clock was set back.
  local age = newest and now - tonumber(made)
  if newest and id ~= args[5] and age >= 0 and age < tonumber(args[3]) then
    return stored
  end
end
local lines = args[1] .. ' ' .. string.format('%.0f', now) .. ' ' .. args[2]
if newest then
  lines = lines .. '\n' .. newest
end
redis.call('SET', KEYS[1], lines, 'PX', string.format('%.0f', tonumber(args[3]) + tonumber(args[4])))
return lines
