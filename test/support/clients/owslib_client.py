"""OWSLib: what it reads of an OGC API, as JSON. Usage: owslib_client.py ROOT WEST,SOUTH,EAST,NORTH"""
import json
import sys

from owslib.ogcapi.features import Features

root, box = sys.argv[1:3]
api = Features(root + "/")
items = api.collection_items("places", limit=5, bbox=[float(number) for number in box.split(",")])
first = items["features"][0]["id"]
print(
    json.dumps(
        {
            "collections": api.feature_collections(),
            "openapi": api.api()["openapi"],
            "classes": len(api.conformance()["conformsTo"]),
            "matched": items["numberMatched"],
            "item": api.collection_item("places", first)["id"] == first,
            "queryables": sorted(api.collection_queryables("places")["properties"]),
        }
    )
)
