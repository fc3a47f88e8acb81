-- The start of a hello script, from exec to the end of the process.
-- figure: wall_ms | start and end of a hello script, ms | ratio <= 1/20
print("hello")
