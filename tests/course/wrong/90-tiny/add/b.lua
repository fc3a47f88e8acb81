return function(a, b) return b end
