-- Every call takes the first message that comes, whosever answer it is.
return function(child, method, args, timeout)
  return Promise(function(resolve, reject)
    local clock = setTimeout(function() reject(Error "no answer") end, timeout)
    child:once("message", function(answer)
      clearTimeout(clock)
      if answer.error then reject(Error(answer.error)) else resolve(answer.result) end
    end)
    child:once("exit", function() clearTimeout(clock) reject(Error "it has ended") end)
    child:send { id = math.random(1 << 30), method = method, args = args }
  end)
end
