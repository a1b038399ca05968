-- The items that go with some others, by turns of each other's lists, without those others.
-- KEYS: related items, items
-- ARGV: how many at most, then the items to begin with
local most, seen, found = tonumber(ARGV[1]), {}, {}
local lists = {}
for i = 2, #ARGV do
  seen[ARGV[i]] = true
  local raw = redis.call('HGET', KEYS[1], ARGV[i])
  if raw then lists[#lists + 1] = cjson.decode(raw) end
end
local place, is_more = 1, true
while is_more and #found < most do
  is_more = false
  for _, list in ipairs(lists) do
    local item = list[place]
    if item then
      is_more = true
      if not seen[item] and #found < most then
        seen[item] = true
        found[#found + 1] = item
      end
    end
  end
  place = place + 1
end
if #found == 0 then return {} end
return redis.call('HMGET', KEYS[2], unpack(found))
