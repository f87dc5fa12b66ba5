from invoke import task


@task
def send(c):
    c.run("./tools/send.sh")


@task
def look(c):
    c.run("./tools/look.sh")
