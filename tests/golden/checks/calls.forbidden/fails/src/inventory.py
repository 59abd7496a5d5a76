import os
import subprocess as sp
from subprocess import check_output as ask


class Inventory:
    def versions(self, names):
        for name in names:
            sp.run(["python", "-m", "pip", "show", name], check=True)
            sp.run(f"pip show {name}", shell=True, check=True)

    def sizes(self, names):
        return [ask(("pip", "show", name)) for name in names]


run = os.system
while run("pip show " + "x"):
    pass
