-- Keep a click on what a touch's block showed last, as far as the customer's tracking level allows, in one step.
-- KEYS: state, history, stream
-- ARGV: the choice's field; the event for `full`, for the levels below, and for `anonymous`
-- Answers the choice, whose variant and link the event was told; false, with nothing kept, where none has a link.
local stored = redis.call('HGET', KEYS[2], ARGV[1])
if not stored then return false end
local is_read, choice = pcall(cjson.decode, string.match(stored, '|(.*)'))
if not is_read or type(choice) ~= 'table' or type(choice[5]) ~= 'string' then return false end

local level = 'full'
local raw = redis.call('HGET', KEYS[1], 's')
if raw then
  local ok, system = pcall(cjson.decode, raw)
  if ok and type(system) == 'table' then level = system.tracking or 'full' end
end
local kept = ({ full = ARGV[2], identified = ARGV[3], pseudonymous = ARGV[3], anonymous = ARGV[4] })[level]
-- `off`, and a level nobody knows, keep nothing.
if kept then
  local event = cjson.decode(kept)
  event.variant, event.url = choice[2], choice[5]
  if type(choice[6]) == 'table' and type(event.customer_id) == 'string' then
    event.details = event.details or {}
    event.details.item_ids = choice[6]
  end
  redis.call('XADD', KEYS[3], '*', 'e', cjson.encode(event))
end
return stored
