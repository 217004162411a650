local annotations = obj.metadata.annotations or {}
local status = obj.status or {}
local paused = annotations["lightkeeper.dev/suspend"] == "true"
local acts = not paused and obj.spec.suspend ~= true

local stalled = false
for _, condition in ipairs(status.conditions or {}) do
  if condition.type == "Stalled" and condition.status == "True" then
    stalled = true
  end
end

local actions = {}
actions["reconcile"] = {["iconClass"] = "fa fa-fw fa-sync", ["displayName"] = "Look now", ["disabled"] = false}
actions["pause"] = {["iconClass"] = "fa fa-fw fa-pause", ["displayName"] = "Pause", ["disabled"] = paused}
actions["resume"] = {["iconClass"] = "fa fa-fw fa-play", ["displayName"] = "Resume", ["disabled"] = not paused}
actions["retry"] = {["iconClass"] = "fa fa-fw fa-redo", ["displayName"] = "Retry", ["disabled"] = not (stalled and acts)}
actions["restart"] = {["iconClass"] = "fa fa-fw fa-power-off", ["displayName"] = "Restart", ["disabled"] = not acts}
actions["rollback"] = {
  ["iconClass"] = "fa fa-fw fa-undo",
  ["displayName"] = "Roll back",
  ["disabled"] = not (status.lastVerifiedRevision ~= nil and acts),
}
return actions
