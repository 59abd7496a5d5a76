import subprocess

for name in ("a", "b"):
    subprocess.run(["pip", "show", name])
