-- Applies a batch of operations to one bucket, exactly once.
--
-- KEYS[1]  hash of the bucket: counter to value, as a decimal number
-- KEYS[2]  last batch of this session on this bucket: its sequence number and its results
-- ARGV     sequence number of the batch (0 if it only reads), lifetime of the session in milliseconds;
--          then for each operation its name, the counter and two numbers, empty if they are not used
--
-- Returns the sequence number of the batch that was applied before (of this one if it was applied already) and a result for each
-- operation: a value, '' if the counter is absent, or '!' and the reason why the operation was not applied. After an error nothing
-- was done, unless the error begins with BROKEN.
--
-- A full server rejects the first write of a script, and none after one that it has accepted: if it rejects the write of the
-- session, it has rejected all. Numbers in Lua are doubles, so sums that a double cannot represent are left to HINCRBY.
--
-- Only values, never increments, go to replicas and to the append-only file. A server that is killed while it writes may leave the
-- first commands of a batch in the file, without the last one, and execute them at a later start: they then repeat what the batch
-- did when it was sent again, from the same values, and nothing is added twice.

local values, session = KEYS[1], KEYS[2]
local sequence, ttl = tonumber(ARGV[1]), ARGV[2]
local exact, reserved = 2 ^ 53, '-9223372036854775808'

local previous = 0
if sequence > 0 then
    local stored = redis.pcall('GET', session)
    if type(stored) == 'table' then return stored end
    if stored then
        local remembered = cmsgpack.unpack(stored)
        previous = remembered[1]
        if previous == sequence then return remembered end
        if previous > sequence then return redis.error_reply('STALE a later batch was applied') end
    end
end

local wrote = false

-- Returns the value of a counter, '' if it is absent. Other programs may have written a text that is not a number.
local function value(key)
    local text = redis.call('HGET', values, key) or ''
    if text ~= '' and not string.match(text, '^-?%d+$') then error('value is not an integer', 0) end
    return text
end

local function put(key, number)
    redis.call('HSET', values, key, number)
    wrote = true
    return number
end

local function isExact(number)
    return number < exact and number > -exact
end

-- Returns a sum computed by HINCRBY, nil if it is out of range. The commands are not replicated.
local function sum(key, current, base, step)
    redis.set_repl(redis.REPL_NONE)
    if current == '' then redis.call('HSET', values, key, base) end
    local added = redis.pcall('HINCRBY', values, key, step)
    local text = type(added) == 'number' and redis.call('HGET', values, key)
    local fits = text and text ~= reserved
    if not fits and current == '' then redis.call('HDEL', values, key) end
    if not fits and current ~= '' then redis.call('HSET', values, key, current) end
    redis.set_repl(redis.REPL_ALL)
    return fits and text or nil
end

local function add(key, step, initial)
    local current = value(key)
    local base = current == '' and initial or current
    local from, by = tonumber(base), tonumber(step)
    if isExact(from) and isExact(by) and isExact(from + by) then
        return put(key, string.format('%.0f', from + by))
    end
    local text = sum(key, current, base, step)
    return text and put(key, text) or '!overflow ' .. base
end

local operations = {
    get = value,
    add = add,
    set = put,
    swap = function(key, expected, number)
        local current = value(key)
        if current == '' then current = '0' end
        if current ~= expected then return current end
        return '=' .. put(key, number)
    end,
    take = function(key)
        local last = value(key)
        redis.call('HDEL', values, key)
        wrote = true
        return last
    end,
    delete = function(key)
        redis.call('HDEL', values, key)
        wrote = true
        return ''
    end,
    clear = function()
        redis.call('HLEN', values) -- fails for a key that is not a hash, which must not be deleted
        redis.call('DEL', values)
        wrote = true
        return ''
    end,
    noop = function() return '' end
}

-- An operation that fails, for instance because the user may not execute a command, does not affect the others.
local results = {}
for i = 3, #ARGV, 4 do
    local done, result = pcall(operations[ARGV[i]], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3])
    if not done then redis.set_repl(redis.REPL_ALL) end
    results[#results + 1] = done and result or '!' .. (type(result) == 'table' and result.err or result)
end

if sequence > 0 then
    local stored = redis.pcall('SET', session, cmsgpack.pack({sequence, results}), 'PX', ttl)
    if stored.err and wrote then return redis.error_reply('BROKEN the batch cannot be remembered: ' .. stored.err) end
    if stored.err then return stored end
end
return {previous, results}
