-- Keep what one request showed, and the fact that it did, together or not at all.
-- KEYS: history, stream
-- ARGV: event ('' none), choice field ('' none), choice, 'last' or 'first', history ttl s,
--       fields that are many, drop choices shown before (ms), when a person first opened the touch
--       (ms, '' unsaid; the first one told stands), the field of the choice that stays, the choice that
--       was read from there ('' none); for a person's view of a capped variant more: the field of the
--       view that this touch was counted for, the variant, 'stays' or 'anew', now (ms), ms within which
--       views count once, the message, and for a cap of the customer's (else '') the field of its count,
--       at most, the first ms that counts ('' ever), moments kept
-- Answers the choice that stands when another was pinned since it was read (and records nothing), 1 when the cap
-- is reached (and records nothing), else false.
local history, stream = KEYS[1], KEYS[2]
local event, field, choice = ARGV[1], ARGV[2], ARGV[3]

local function view_is_counted()
  local now, fold = tonumber(ARGV[14]), tonumber(ARGV[15])
  local at, variant = string.match(redis.call('HGET', history, ARGV[11]) or '', '^(%d+)|(.*)$')
  if variant == ARGV[12] and (ARGV[13] == 'stays' or now - tonumber(at) < fold) then return true end
  if ARGV[17] ~= '' then
    local number, message, moments =
      string.match(redis.call('HGET', history, ARGV[17]) or '0||', '^(%d+)|([^|]*)|(.*)$')
    local last = tonumber(string.match(moments, '^%d+'))
    if message ~= ARGV[16] or not last or now - last >= fold then
      local used, since, kept = tonumber(number), tonumber(ARGV[19]), { ARGV[14] }
      if since then used = 0 end
      for moment in string.gmatch(moments, '%d+') do
        if since and tonumber(moment) >= since then used = used + 1 end
        if #kept < tonumber(ARGV[20]) then kept[#kept + 1] = moment end
      end
      if used >= tonumber(ARGV[18]) then return false end
      redis.call('HSET', history, ARGV[17], (number + 1) .. '|' .. ARGV[16] .. '|' .. table.concat(kept, ','))
    end
  end
  redis.call('HSET', history, ARGV[11], ARGV[14] .. '|' .. ARGV[12])
  return true
end

if field ~= '' then
  if ARGV[4] == 'first' then
    local pinned = redis.call('HGET', history, ARGV[9])
    local stands = pinned and string.match(pinned, '|(.*)')
    if pinned and stands ~= ARGV[10] and stands ~= string.match(choice, '|(.*)') then
      return pinned
    end
  end
  if ARGV[11] and not view_is_counted() then return 1 end
  redis.call('HSET', history, field, choice)
  if ARGV[9] ~= field then
    redis.call('HSET', history, ARGV[9], choice)
  end
  if ARGV[8] ~= '' then
    redis.call('HSETNX', history, 's.' .. string.match(field, '^c%.(.*)|'), ARGV[8])
  end
  redis.call('EXPIRE', history, ARGV[5])
  if redis.call('HLEN', history) > tonumber(ARGV[6]) then
    local all = redis.call('HGETALL', history)
    for i = 1, #all, 2 do
      local shown_ms = tonumber(string.match(all[i + 1], '^(%d+)'))
      local prefix = string.sub(all[i], 1, 2)
      if (prefix == 'c.' or prefix == 's.' or prefix == 'w.') and shown_ms and shown_ms < tonumber(ARGV[7]) then
        redis.call('HDEL', history, all[i])
      end
    end
  end
end
if event ~= '' then
  redis.call('XADD', stream, '*', 'e', event)
end
return false
