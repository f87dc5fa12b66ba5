"""Random edits of workflows, and what they mean by another reader of YAML than tollbar's: what an approval has to survive, and what not."""
import re

import yaml

NAMES = ("runs-on", "needs")  # one name means what a list of it means


def plain(text):
    """The document with every scalar as text; raises yaml.YAMLError where it is none."""
    return yaml.load(text, Loader=yaml.BaseLoader)


def meaning(text):
    """What a workflow says, whatever its spelling: order of lists counts, that of maps does not."""
    document = plain(text)
    if not isinstance(document, dict):
        return document
    document = {key: value for key, value in document.items() if key != "on"} | {"on": events(document)}
    return without_single_lists(document)


def events(document):
    on = document.get("on", {})
    if isinstance(on, str):
        on = [on]
    return {event: "" for event in on} if isinstance(on, list) else on


def script(text):
    """What a shell makes of it: no comments, no blank lines."""
    lines = [re.sub(r"(^|\s)#.*", "", line).rstrip() for line in text.splitlines()]
    return [line for line in lines if line]


def without_single_lists(value):
    if isinstance(value, dict):
        return {key: item[0] if key in NAMES and isinstance(item, list) and len(item) == 1
                else script(item) if key == "run" and isinstance(item, str) else without_single_lists(item)
                for key, item in value.items()}
    return [without_single_lists(item) for item in value] if isinstance(value, list) else value


def power(text, job):
    """What makes the runner of a job dangerous: when it starts, what it may do, which secrets it sees, where it deploys to."""
    document = plain(text)
    body = document["jobs"][job]
    secrets = set(re.findall(r"secrets\.(\w+)", str(body) + str(document.get("env", ""))))
    permissions = body["permissions"] if "permissions" in body else document.get("permissions", "not said")
    return sorted(events(document)), permissions, sorted(secrets), body.get("environment", ""), without_single_lists({"runs-on": body.get("runs-on")})


def jobs_of(text):
    document = plain(text)
    return document["jobs"] if isinstance(document, dict) and isinstance(document.get("jobs"), dict) else {}


# --- Nodes: the document with its styles, which can be changed and written again.

def composed(text):
    return yaml.compose(text, Loader=yaml.SafeLoader)


def written(node):
    return yaml.serialize(node, Dumper=yaml.SafeDumper, width=100_000)


def nodes_below(node, kind):
    found = [node] if isinstance(node, kind) else []
    if isinstance(node, yaml.MappingNode):
        for _, value in node.value:
            found += nodes_below(value, kind)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            found += nodes_below(value, kind)
    return found


def entry(node, *keys):
    """The value below these keys; None where there is none."""
    for key in keys:
        if not isinstance(node, yaml.MappingNode):
            return None
        node = next((value for name, value in node.value if name.value == key), None)
    return node


def scalar(value):
    return yaml.ScalarNode("tag:yaml.org,2002:str", value)


def set_entry(mapping, key, value):
    mapping.value = [(name, old) for name, old in mapping.value if name.value != key] + [(scalar(key), value)]


def fragment(text):
    return composed(text)


class Editor:
    """One random edit a call. Each kind is a method; what an edit means is not its business."""

    def __init__(self, text, job, random):
        self.text, self.job, self.random = text, job, random

    def kinds(self):
        return sorted(name for name in dir(self) if name.startswith("edit_"))

    def apply(self, kind):
        """The edited text; None where there is nothing of the kind to edit."""
        return getattr(self, kind)()

    # Lines

    def lines(self):
        return self.text.splitlines(keepends=True)

    def inserted(self, *new):
        lines = self.lines()
        at = self.random.randrange(len(lines) + 1)
        return "".join(lines[:at] + list(new) + lines[at:])

    def edit_comment_line(self):
        return self.inserted("# why this is so\n")

    def edit_blank_line(self):
        return self.inserted("\n")

    def edit_comment_behind(self):
        lines = self.lines()
        at = self.random.choice([number for number, line in enumerate(lines) if line.strip()])
        lines[at] = lines[at].rstrip("\n") + "  # so\n"
        return "".join(lines)

    def edit_line_ends(self):
        return self.text.replace("\n", "\r\n")

    def edit_beginning_of_a_document(self):
        return None if self.text.startswith("---") else "---\n" + self.text

    def edit_line_lost(self):
        lines = self.lines()
        del lines[self.random.randrange(len(lines))]
        return "".join(lines)

    # Spelling

    def rewritten(self, change):
        document = composed(self.text)
        return written(document) if change(document) else None

    def pick(self, found):
        return self.random.choice(found) if found else None

    def edit_written_anew(self):
        return self.rewritten(lambda document: True)

    def edit_quotes(self):
        def change(document):
            node = self.pick([node for node in nodes_below(document, yaml.ScalarNode)
                              if node.tag.endswith(":str") and node.style is None and node.value])
            if node:
                node.style = self.random.choice("'\"")
            return node
        return self.rewritten(change)

    def edit_flow_or_block(self):
        def change(document):
            node = self.pick([node for node in nodes_below(document, yaml.CollectionNode)[1:] if node.value])
            if node:
                for each in nodes_below(node, yaml.CollectionNode):
                    each.flow_style = not node.flow_style if each is not node else each.flow_style
                node.flow_style = not node.flow_style
            return node
        text = self.rewritten(change)
        return None if text is None or "!!" in text else text  # no person writes an empty value with its tag

    def edit_order_of_keys(self):
        def change(document):
            node = self.pick([node for node in nodes_below(document, yaml.MappingNode) if len(node.value) > 1])
            if node:
                self.random.shuffle(node.value)
            return node
        return self.rewritten(change)

    def edit_anchors(self):
        """Equal nodes become one node with an anchor and its aliases."""
        def change(document):
            by_text = {}
            for holder in nodes_below(document, yaml.MappingNode):
                for at, (key, value) in enumerate(holder.value):
                    if not (isinstance(value, yaml.ScalarNode) and (value.value == "" or not value.tag.endswith(":str"))):
                        by_text.setdefault(written(value), []).append((holder, at, key, value))
            places = self.pick([places for places in by_text.values() if len(places) > 1])
            for holder, at, key, _ in places or ():
                holder.value[at] = (key, places[0][3])
            return places
        return self.rewritten(change)

    def edit_list_of_one(self):
        def change(document):
            holder = self.pick([node for node in nodes_below(document, yaml.MappingNode)
                                for key, value in node.value if key.value in NAMES and isinstance(value, yaml.ScalarNode)])
            if holder:
                holder.value = [(key, yaml.SequenceNode("tag:yaml.org,2002:seq", [value], flow_style=True)
                                 if key.value in NAMES and isinstance(value, yaml.ScalarNode) else value) for key, value in holder.value]
            return holder
        return self.rewritten(change)

    # Meaning

    def edit_value(self):
        def change(document):
            node = self.pick([node for node in nodes_below(document, yaml.ScalarNode) if node.value])
            node.value += self.random.choice(["x", " --all", "2"])
            node.tag = "tag:yaml.org,2002:str"
            return True
        return self.rewritten(change)

    def edit_key_lost(self):
        def change(document):
            node = self.pick([node for node in nodes_below(document, yaml.MappingNode) if len(node.value) > 1])
            if node:
                del node.value[self.random.randrange(len(node.value))]
            return node
        return self.rewritten(change)

    def edit_key_renamed(self):
        def change(document):
            node = self.pick([node for node in nodes_below(document, yaml.MappingNode) if node.value])
            at = self.random.randrange(len(node.value))
            node.value[at] = (scalar(node.value[at][0].value + "-2"), node.value[at][1])
            return True
        return self.rewritten(change)

    def job_node(self, document):
        return entry(document, "jobs", self.job)

    def another_job(self, document):
        jobs = entry(document, "jobs")
        return self.pick([value for name, value in jobs.value if name.value != self.job and isinstance(value, yaml.MappingNode)])

    def steps(self, document):
        return self.pick([entry(value, "steps") for _, value in entry(document, "jobs").value
                          if isinstance(entry(value, "steps"), yaml.SequenceNode)])

    def edit_step_added(self):
        def change(document):
            steps = self.steps(document)
            if steps:
                steps.value.insert(self.random.randrange(len(steps.value) + 1), fragment(f"run: ./tool-{self.random.randrange(1000)}\n"))
            return steps
        return self.rewritten(change)

    def edit_step_lost(self):
        def change(document):
            steps = self.steps(document)
            if steps and len(steps.value) > 1:
                del steps.value[self.random.randrange(len(steps.value))]
                return True
            return False
        return self.rewritten(change)

    def edit_steps_in_another_order(self):
        def change(document):
            steps = self.steps(document)
            if steps:
                steps.value.insert(0, steps.value.pop())
            return steps
        return self.rewritten(change)

    def edit_job_renamed(self):
        def change(document):
            jobs = entry(document, "jobs")
            at = self.random.randrange(len(jobs.value))
            jobs.value[at] = (scalar(jobs.value[at][0].value + "-renamed"), jobs.value[at][1])
            return True
        return self.rewritten(change)

    def edit_job_added(self):
        def change(document):
            name = f"extra-{self.random.randrange(1000)}"
            entry(document, "jobs").value.append((scalar(name), fragment("runs-on: ubuntu-latest\nsteps: [{run: make}]\n")))
            return True
        return self.rewritten(change)

    def edit_fact_moved(self):
        def change(document):
            job, other = self.job_node(document), self.another_job(document)
            if job and other and entry(other, "runs-on"):
                ours, theirs = entry(job, "runs-on"), entry(other, "runs-on")
                set_entry(job, "runs-on", theirs)
                set_entry(other, "runs-on", ours)
                return True
            return False
        return self.rewritten(change)

    def edit_events(self):
        def change(document):
            new = events(plain(self.text)) or {}
            new = {**new, self.random.choice(["pull_request_target", "workflow_dispatch", "issue_comment"]): ""}
            on = fragment(yaml.safe_dump({"on": dict(new)}, width=100_000)).value[0][1]
            document.value = [(key, on if key.value == "on" else value) for key, value in document.value]
            return True
        return self.rewritten(change)

    def edit_environment_variable(self):
        def change(document):
            holder = self.random.choice([document, self.job_node(document)])
            variables = entry(holder, "env")
            if not isinstance(variables, yaml.MappingNode):
                variables = fragment("{OLD: value}\n")
                set_entry(holder, "env", variables)
            set_entry(variables, "MODE", scalar(f"mode-{self.random.randrange(1000)}"))
            return True
        return self.rewritten(change)

    def edit_permissions(self):
        def change(document):
            holder = self.random.choice([document, self.job_node(document)])
            set_entry(holder, "permissions", fragment(self.random.choice(["write-all\n", "{packages: write}\n", "{contents: read, checks: write}\n"])))
            return True
        return self.rewritten(change)

    def edit_credentials(self):
        def change(document):
            holder = self.job_node(document)
            set_entry(holder, "env", fragment('{TOKEN: "${{ secrets.TOKEN_%d }}"}\n' % self.random.randrange(1000)))
            return True
        return self.rewritten(change)

    def edit_deployment(self):
        def change(document):
            set_entry(self.job_node(document), "environment", scalar("production"))
            return True
        return self.rewritten(change)

    def edit_another_runner(self):
        def change(document):
            set_entry(self.job_node(document), "runs-on", fragment(self.random.choice(["[self-hosted, large]\n", "my-runner\n", "ubuntu-24.04-arm\n"])))
            return True
        return self.rewritten(change)
