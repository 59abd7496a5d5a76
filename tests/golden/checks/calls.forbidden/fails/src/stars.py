from os import *

for name in ("a", "b"):
    popen("pip  show " + name)
