if obj.metadata.annotations == nil then
  obj.metadata.annotations = {}
end
obj.metadata.annotations["lightkeeper.dev/suspend"] = "true"
return obj
