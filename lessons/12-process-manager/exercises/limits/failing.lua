-- An application of the check that fails at once.
process.exit(1)
