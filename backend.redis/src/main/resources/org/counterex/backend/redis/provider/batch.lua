-- Applies a batch of operations on one bucket, exactly once.
--
-- KEYS[1]  the hash of the bucket: counter to value, as a decimal number
-- KEYS[2]  what the last batch of this session on this bucket was, and its results
-- ARGV     sequence number of the batch (0: it only reads), how long the session is remembered in milliseconds;
--          then for each operation its code, the counter and two numbers, empty where they mean nothing
--
-- Replies with the sequence number of the batch that was applied before (of this one, if this is a repeat), and a result for
-- each operation: a value, '' for none, or '!' and why it was refused.
--
-- Everything that may be refused for the batch as a whole is tried before the first effect. Numbers in here are
-- doubles, so sums are left to HINCRBY, and what does not fit a double exactly is read back.

local values, session = KEYS[1], KEYS[2]
local sequence, ttl = tonumber(ARGV[1]), ARGV[2]
local exact, reserved = 2 ^ 53, '-9223372036854775808'

local probe = redis.pcall('HLEN', values)
if type(probe) == 'table' then return probe end

local last = 0
if sequence > 0 then
    local stored = redis.pcall('GET', session)
    if type(stored) == 'table' then return stored end
    if stored then
        local remembered = cmsgpack.unpack(stored)
        last = remembered[1]
        if last == sequence then
            if not remembered[2] then return redis.error_reply('BROKEN a batch was not carried through') end
            return {last, remembered[2]}
        end
        if last > sequence then return redis.error_reply('STALE a later batch was applied') end
    end
    local claimed = redis.pcall('SET', session, cmsgpack.pack({sequence, false}), 'PX', ttl)
    if claimed.err then return claimed end
end

local function opposite(number)
    return string.sub(number, 1, 1) == '-' and string.sub(number, 2) or '-' .. number
end

local function add(key, step, initial)
    local created = initial ~= '0' and redis.call('HSETNX', values, key, initial) == 1
    local sum = redis.pcall('HINCRBY', values, key, step)
    if type(sum) == 'table' then
        local met = redis.call('HGET', values, key)
        if created then redis.call('HDEL', values, key) end
        return string.find(sum.err, 'overflow') and '!overflow ' .. met or '!' .. sum.err
    end
    if sum < exact and sum > -exact then return string.format('%.0f', sum) end
    local value = redis.call('HGET', values, key)
    if value ~= reserved then return value end
    redis.call('HINCRBY', values, key, opposite(step))
    local met = redis.call('HGET', values, key)
    if created then redis.call('HDEL', values, key) end
    return '!overflow ' .. met
end

-- What a counter has, '' for none; others may have written there what is no number.
local function value(key)
    local text = redis.call('HGET', values, key) or ''
    if text ~= '' and not string.match(text, '^-?%d+$') then error('value is not an integer', 0) end
    return text
end

local operations = {
    get = value,
    add = add,
    set = function(key, number)
        redis.call('HSET', values, key, number)
        return number
    end,
    swap = function(key, expected, number)
        local met = value(key)
        if met == '' then met = '0' end
        if met ~= expected then return met end
        redis.call('HSET', values, key, number)
        return '=' .. number
    end,
    take = function(key)
        local last = value(key)
        redis.call('HDEL', values, key)
        return last
    end,
    delete = function(key)
        redis.call('HDEL', values, key)
        return ''
    end,
    clear = function()
        redis.call('DEL', values)
        return ''
    end,
    nothing = function() return '' end
}

-- One that fails all the same, as the user may not use a command, leaves the others as they are.
local results = {}
for i = 3, #ARGV, 4 do
    local done, answer = pcall(operations[ARGV[i]], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3])
    results[#results + 1] = done and answer or '!' .. (type(answer) == 'table' and answer.err or answer)
end
if sequence > 0 then redis.call('SET', session, cmsgpack.pack({sequence, results}), 'PX', ttl) end
return {last, results}
