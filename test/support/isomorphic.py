"""Whether documents in several syntaxes say the same. In: groups of [syntax, text]; out: of each, the triples of its first and which syntaxes differ."""

import json
import sys

from rdflib import Graph
from rdflib.compare import isomorphic


def compare(group):
    graphs = [(syntax, Graph().parse(data=text, format=syntax)) for syntax, text in group]
    (_, first), *others = graphs
    return {"triples": len(first), "differ": [syntax for syntax, graph in others if not isomorphic(first, graph)]}


json.dump([compare(group) for group in json.load(sys.stdin)], sys.stdout)
