-- ServiceDeployment follows kstatus (Reconciling and Stalled are there only while True); Ready is about this generation.
local health = {status = "Progressing", message = "Waiting for the operator to look at it"}

if obj.metadata.deletionTimestamp ~= nil then
  health.message = "Pending deletion"
  return health
end
if obj.status == nil or obj.status.conditions == nil then
  return health
end
if obj.status.observedGeneration ~= obj.metadata.generation then
  health.message = "Waiting for the operator to see the change"
  return health
end

local conditions = {}
for _, condition in ipairs(obj.status.conditions) do
  conditions[condition.type] = condition
end

local function told(type)
  local condition = conditions[type]
  if condition ~= nil and condition.status == "True" then
    return condition.reason .. ": " .. condition.message
  end
  return nil
end

local function ready()
  local condition = conditions.Ready
  if condition == nil then
    return health.message
  end
  return condition.reason .. ": " .. condition.message
end

if told("Suspended") ~= nil then
  if told("Degraded") ~= nil then
    return {status = "Degraded", message = told("Degraded")}
  end
  return {status = "Suspended", message = told("Suspended")}
end
if told("Stalled") ~= nil then
  return {status = "Degraded", message = told("Stalled")}
end
if told("Reconciling") ~= nil then
  return {status = "Progressing", message = told("Reconciling")}
end
if told("Ready") ~= nil then
  return {status = "Healthy", message = ready()}
end
if told("Degraded") ~= nil then
  return {status = "Degraded", message = told("Degraded")}
end
return {status = "Progressing", message = ready()}
