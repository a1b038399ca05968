-- Keep a fact as far as the customer's tracking level allows, in one step.
-- KEYS: state, stream    ARGV: the event for `full`, for the levels below, and for `anonymous`
local level = 'full'
local raw = redis.call('HGET', KEYS[1], 's')
if raw then
  local ok, system = pcall(cjson.decode, raw)
  if ok and type(system) == 'table' then level = system.tracking or 'full' end
end
local event = ({ full = ARGV[1], identified = ARGV[2], pseudonymous = ARGV[2], anonymous = ARGV[3] })[level]
-- `off`, and a level nobody knows, keep nothing.
if event then redis.call('XADD', KEYS[2], '*', 'e', event) end
return level
