import nox


@nox.session
def send(session):
    session.run("./tools/send.sh")


@nox.session
def look(session):
    session.run("./tools/look.sh")
