"""What runs after the merge decides: a script that CI executes with a token is no ordinary script."""
from support import PushTest

RELEASE = """\
on: {push: {tags: ['v*']}}
jobs:
  publish:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - name: Release
        run: npm run release
        env: {NODE_AUTH_TOKEN: "${{ secrets.NPM_TOKEN }}"}
"""
LOOK = """\
on: {push: {branches: [main]}}
jobs:
  look:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - run: npm run look
"""


def package(release="node tools/release.js", look="node tools/look.js"):
    return '{"name": "mill", "scripts": {"release": "%s", "look": "%s"}}\n' % (release, look)


FILES = {".github/workflows/release.yml": RELEASE, ".github/workflows/look.yml": LOOK, "package.json": package(),
         "tools/release.js": "publish();\n", "tools/look.js": "look();\n"}


class Reach(PushTest):
    def test_a_package_script_that_runs_with_the_release_token_needs_approval_and_the_chain_is_shown(self):
        work = self.server(files=FILES).clone()
        work.commit({"package.json": package(release="node tools/release.js && node tools/extra.js")})
        self.assert_refused(work.push("main"), "release/credentialed-file-changed", "needs approval", "publish, step Release",
                            "credential NPM_TOKEN")

    def test_so_does_the_program_behind_it(self):
        work = self.server(files=FILES).clone()
        work.commit({"tools/release.js": "publish(process.env);\n"})
        self.assert_refused(work.push("main"), "release/credentialed-file-changed", "package.json: release", "credential NPM_TOKEN")

    def test_the_same_done_to_what_a_job_without_credentials_runs_is_allowed(self):
        work = self.server(files=FILES).clone()
        work.commit({"package.json": package(look="node tools/look.js --all"), "tools/look.js": "look(process.env);\n"})
        push = work.push("main")
        self.assert_accepted(push)
        self.assertEqual([], push.lines())
