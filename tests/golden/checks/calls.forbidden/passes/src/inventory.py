import subprocess


def one(name):
    return subprocess.run(["pip", "show", name], check=True)


def all_of(names):
    for name in names:
        subprocess.run(["git", "log", name], check=True)

        def later():
            return subprocess.run(["pip", "show", name], check=True)


def subprocess_like(run, names):
    return [run("pip show", name) for name in names]
