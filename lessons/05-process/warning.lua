-- process: warnings are events
-- sample: S119
-- watch: emitWarning returns at once, and the listener hears of it later; on stderr the warning is printed
--   all the same.
-- try: give the last warning the type DeprecationWarning.
process:on("warning", function(w)
  print(("warning: name %s, message %s, code %s"):format(w.name, w.message, w.code or "none"))
end)
process.emitWarning "plain text"
process.emitWarning("with a type", "CustomWarning")
process.emitWarning("with a code", { type = "CustomWarning", code = "W001" })
print "emitWarning returns at once; the event comes later"
