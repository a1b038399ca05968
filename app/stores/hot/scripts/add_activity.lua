-- Take one activity once: sum it up in the customer's state, keep the cart, write the event.
-- KEYS: state, stream, seen
-- ARGV: activity type, item JSON ('' none), item id ('' none), at (RFC 3339), event, seen ttl s, items kept, cart kept, taken kept
-- Answers 'recorded', 'duplicate' or 'unknown_customer'.
local state, stream, seen = KEYS[1], KEYS[2], KEYS[3]
local kind, item, item_id, at = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
if redis.call('HEXISTS', state, 's') == 0 then return 'unknown_customer' end
if not redis.call('SET', seen, '1', 'NX', 'EX', ARGV[6]) then return 'duplicate' end

local function decoded(field)
  local raw = redis.call('HGET', state, field)
  if raw then
    local ok, value = pcall(cjson.decode, raw)
    if ok and type(value) == 'table' then return value end
  end
  return {}
end

local function with_items(document, items)
  -- cjson writes an empty list as {}, so lists are joined by hand.
  local rows = {}
  for i = 1, #items do rows[i] = cjson.encode(items[i]) end
  document.items = nil
  local head = cjson.encode(document)
  local list = '"items":[' .. table.concat(rows, ',') .. ']}'
  if head == '{}' then return '{' .. list end
  return string.sub(head, 1, -2) .. ',' .. list
end

local summary = decoded('v.' .. kind)
summary.count = (tonumber(summary.count) or 0) + 1
if not summary.last_at or summary.last_at < at then summary.last_at = at end
local items = summary.items or {}
if item ~= '' then
  table.insert(items, 1, cjson.decode(item))
  while #items > tonumber(ARGV[7]) do table.remove(items) end
end
redis.call('HSET', state, 'v.' .. kind, with_items(summary, items))

if item ~= '' and (kind == 'added_to_cart' or kind == 'removed_from_cart' or kind == 'purchased') then
  local cart = decoded('k')
  local kept = {}
  for _, one in ipairs(cart.items or {}) do
    if one.item_id ~= item_id then kept[#kept + 1] = one end
  end
  if kind == 'added_to_cart' then
    table.insert(kept, 1, cjson.decode(item))
    while #kept > tonumber(ARGV[8]) do table.remove(kept) end
  end
  redis.call('HSET', state, 'k', with_items(cart, kept))
end
if item ~= '' and (kind == 'purchased' or kind == 'read') then
  local raw = redis.call('HGET', state, 'g')
  local ok, taken = pcall(cjson.decode, raw or '[]')
  if not ok or type(taken) ~= 'table' then taken = {} end
  local kept = { item_id }
  for _, one in ipairs(taken) do
    if one ~= item_id and #kept < tonumber(ARGV[9]) then kept[#kept + 1] = one end
  end
  redis.call('HSET', state, 'g', cjson.encode(kept))
end
local revision = tonumber(redis.call('HGET', state, 'r') or '0') + 1
redis.call('HSET', state, 'r', string.format('%.0f', revision))
redis.call('XADD', stream, '*', 'e', ARGV[5], 's', cjson.encode(redis.call('HGETALL', state)))
return 'recorded'
