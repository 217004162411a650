-- An AwsAccount is only looked at: not Ready means that somebody has to do something, Unknown that AWS has not answered yet.
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

for _, condition in ipairs(obj.status.conditions) do
  if condition.type == "Ready" then
    health.message = condition.reason .. ": " .. condition.message
    if condition.status == "True" then
      health.status = "Healthy"
    elseif condition.status == "False" then
      health.status = "Degraded"
    end
  end
end
return health
