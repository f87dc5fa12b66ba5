"""Everything that is signed and kept, against the schemas of DSSE, in-toto and SLSA as their specifications have them."""
import base64
import json
import os
import unittest

from evidence import People
from support import BLOCKED, NEEDS_APPROVAL

try:
    import jsonschema
except ImportError:
    jsonschema = None

SCHEMAS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "schemas")


@unittest.skipIf(jsonschema is None, "python3-jsonschema is missing")
class Schemas(People):
    def validator(self, name):
        with open(os.path.join(SCHEMAS, name + ".json"), encoding="utf-8") as file:
            schema = json.load(file)
        jsonschema.Draft7Validator.check_schema(schema)
        return jsonschema.Draft7Validator(schema)

    def kept(self, server, ref):
        """Every envelope below a reference of the server."""
        for path in server.git("ls-tree", "-r", "--name-only", ref).splitlines():
            yield from (json.loads(line) for line in server.git("cat-file", "blob", f"{ref}:{path}").splitlines())

    def a_server_with_all_kinds_of_records(self):
        server = self.people_server()
        grace, linus = self.person(server, "grace"), self.person(server, "linus")
        grace.branch("feature")
        grace.commit(NEEDS_APPROVAL)
        self.assert_accepted(grace.push("feature"))
        self.tollbar_as(linus, "approvals", "fetch")
        linus.git("fetch", "--quiet", "origin", "feature", "refs/tollbar/log:refs/tollbar/log")
        self.tollbar_as(linus, "approve", "origin/main..origin/feature", "--reason", "read", "--yes")
        self.tollbar_as(linus, "revoke", "origin/main..origin/feature", "--reason", "not any more")
        self.tollbar_as(linus, "evidence", "attach", "1", "--outcome", "deployed")
        self.break_glass(linus)
        self.tollbar_as(grace, "approvals", "fetch")
        self.assert_accepted(linus.push("refs/tollbar/approvals"))
        grace.git("fetch", "--quiet", "origin", "refs/tollbar/approvals:refs/tollbar/approvals")
        self.tollbar_as(grace, "break-glass", "review", "INC-7", "--reason", "it was right")
        self.assert_accepted(grace.push("refs/tollbar/approvals"))
        linus.commit(BLOCKED)
        self.assert_accepted(linus.push("main"))
        return server

    def test_envelopes_statements_and_summaries_have_the_shapes_of_their_specifications(self):
        server = self.a_server_with_all_kinds_of_records()
        envelope, statement, summary = map(self.validator, ("envelope", "statement", "summary"))
        types, results = set(), set()
        for ref in ("refs/tollbar/approvals", "refs/tollbar/log"):
            for each in self.kept(server, ref):
                envelope.validate(each)
                said = json.loads(base64.b64decode(each["payload"]))
                statement.validate(said)
                types.add(said["predicateType"])
                if said["predicateType"].startswith("https://slsa.dev/"):
                    summary.validate(said["predicate"])
                    results.add(said["predicate"]["verificationResult"])
        own = {f"https://tollbar.dev/{name}/v1" for name in ("approval", "revocation", "attachment", "break-glass", "break-glass-review", "evidence")}
        self.assertEqual(own | {"https://slsa.dev/verification_summary/v1"}, types)
        self.assertEqual({"PASSED", "FAILED"}, results)

    def test_the_schemas_refuse_what_the_specifications_do(self):
        statement, summary = self.validator("statement"), self.validator("summary")
        good = {"_type": "https://in-toto.io/Statement/v1", "subject": [{"digest": {"sha256": "00"}}], "predicateType": "https://example.org/v1"}
        self.assertTrue(statement.is_valid(good))
        for wrong in ({"_type": "https://in-toto.io/Statement/v0.1"}, {"subject": []}, {"subject": [{"name": "x"}]}, {"predicateType": "x"}):
            self.assertFalse(statement.is_valid({**good, **wrong}), wrong)
        good = {"verifier": {"id": "https://example.org"}, "timeVerified": "2026-01-01T00:00:00Z", "resourceUri": "git:x",
                "policy": {"uri": "https://example.org"}, "verificationResult": "PASSED", "verifiedLevels": ["SLSA_BUILD_LEVEL_2"]}
        self.assertTrue(summary.is_valid(good))
        for wrong in ({"verifiedLevels": ["SLSA_BEST"]}, {"verificationResult": "FAILED"}, {"policy": {}}, {"verifier": {}},
                      {"timeVerified": "yesterday"}):
            self.assertFalse(summary.is_valid({**good, **wrong}), wrong)


if __name__ == "__main__":
    unittest.main()
