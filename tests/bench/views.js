// Node has nothing like .top: there is no figure of it.
