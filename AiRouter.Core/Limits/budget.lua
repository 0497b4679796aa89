-- The money of a subject, for all four kinds of period at the same time: in front of ledger.lua. BudgetCounters.cs and
-- BudgetPeriods.cs do the same in memory.

local floor, max, min = math.floor, math.max, math.min
local DAY, PERIOD_STEP = 86400000, 3600000
local DAILY, WEEKLY, MONTHLY, TOTAL = 1, 2, 3, 4

-- The calendar: days since 1970. 1970-01-01 was a Thursday.

-- The number of the month, and the day in it.
local function month_of(day)
  local z = day + 719468
  local era = floor(z / 146097)
  local doe = z - era * 146097
  local yoe = floor((doe - floor(doe / 1460) + floor(doe / 36524) - floor(doe / 146096)) / 365)
  local doy = doe - (365 * yoe + floor(yoe / 4) - floor(yoe / 100))
  local mp = floor((5 * doy + 2) / 153)
  local date = doy - floor((153 * mp + 2) / 5) + 1
  local month = mp < 10 and mp + 3 or mp - 9
  local year = yoe + era * 400 + (month <= 2 and 1 or 0)
  return year * 12 + month - 1, date
end

local function period_of(kind, day)
  if kind == DAILY then
    return day
  elseif kind == WEEKLY then
    return floor((day + 3) / 7)
  elseif kind == MONTHLY then
    return (month_of(day))
  end
  return 0
end

-- When it ends; nil: never.
local function end_of_period(kind, day)
  if kind == DAILY then
    return (day + 1) * DAY
  elseif kind == WEEKLY then
    return ((floor((day + 3) / 7) + 1) * 7 - 3) * DAY
  elseif kind == MONTHLY then
    local _, date = month_of(day)
    local next_month = day - date + 32
    local _, over = month_of(next_month)
    return (next_month - over + 1) * DAY
  end
  return nil
end

-- Counters. A request belongs to the periods in which it was admitted.

local function is_current(s, kind, day)
  return day >= s.day or period_of(kind, day) >= period_of(kind, s.day)
end

-- Makes sure that there are counters, in the periods of a time.
local function open_budget(s, time)
  local today = floor(time / DAY)
  if not s.day then
    s.day = today
    s.spent, s.reserved, s.unsettled = { 0, 0, 0, 0 }, { 0, 0, 0, 0 }, { 0, 0, 0, 0 }
    s.changed = true
  elseif s.day ~= today then
    for kind = DAILY, MONTHLY do
      if today > s.day and period_of(kind, today) > period_of(kind, s.day) then
        s.spent[kind], s.reserved[kind], s.unsettled[kind] = 0, 0, 0
      end
    end
    s.day = today
    s.changed = true
  end
end

-- Adds to the periods that are not over since a day; no reservation gets below 0.
local function add_money(s, day, reserved, spent)
  for kind = DAILY, TOTAL do
    if is_current(s, kind, day) then
      s.reserved[kind] = max(0, s.reserved[kind] + reserved)
      s.spent[kind] = s.spent[kind] + spent
    end
  end
end

-- Nobody settled it: the most that it can have cost is spent.
local function expire_money(s, day, amount)
  add_money(s, day, -amount, amount)
  for kind = DAILY, TOTAL do
    if is_current(s, kind, day) then
      s.unsettled[kind] = s.unsettled[kind] + amount
    end
  end
end

-- Somebody knows more of it.
local function take_back(s, day, amount)
  for kind = DAILY, TOTAL do
    if is_current(s, kind, day) then
      local part = min(amount, s.unsettled[kind])
      s.spent[kind] = s.spent[kind] - part
      s.unsettled[kind] = s.unsettled[kind] - part
    end
  end
end

