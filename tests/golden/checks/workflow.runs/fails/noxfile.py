import nox


def tools(session):
    session.install("bandit")
    session.run("bandit", "-r", "src")


@nox.session(python=["3.12", "3.13"], tags=["style"])
def lint(session):
    tools(session)
    session.run("ruff", "check", ".", success_codes=[0, 1])


@nox.session(name="types", default=False)
def type_check(session):
    session.run("python", "-m", "mypy")
    if session.posargs:
        session.run("pyright")
