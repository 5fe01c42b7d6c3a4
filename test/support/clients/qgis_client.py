"""QGIS without a window: what its providers read of an OGC API, as JSON; what the lines of a
dataset's page print in its console comes first. Usage: qgis_client.py ROOT TILE_TEMPLATE WEST,SOUTH,EAST,NORTH LINES"""
import json
import os
import sys

os.environ["QT_QPA_PLATFORM"] = "offscreen"
from qgis.core import (  # noqa: E402
    QgsApplication,
    QgsFeatureRequest,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsRectangle,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsProject,
    QgsVectorLayer,
    QgsVectorTileLayer,
)
from qgis.PyQt.QtCore import QSize  # noqa: E402
from qgis.PyQt.QtGui import QColor  # noqa: E402

root, template, box, lines = sys.argv[1:5]
app = QgsApplication([], False)
app.initQgis()
rectangle = QgsRectangle(*[float(number) for number in box.split(",")])

layer = QgsVectorLayer(f"url='{root}' typename='places' restrictToRequestBBOX='1'", "places", "OAPIF")
found = {
    "valid": layer.isValid(),
    "count": layer.featureCount(),
    "fields": [field.name() for field in layer.fields()],
    "all": sum(1 for _ in layer.getFeatures()),
    "inBox": sum(1 for _ in layer.getFeatures(QgsFeatureRequest(rectangle))),
}

tiles = QgsVectorTileLayer(f"type=xyz&url={template}&zmin=0&zmax=14", "tiles")
settings = QgsMapSettings()
settings.setLayers([tiles])
settings.setBackgroundColor(QColor("white"))
settings.setOutputSize(QSize(256, 256))
mercator = QgsCoordinateReferenceSystem("EPSG:3857")
settings.setDestinationCrs(mercator)
to_mercator = QgsCoordinateTransform(QgsCoordinateReferenceSystem("EPSG:4326"), mercator, QgsProject.instance())
settings.setExtent(to_mercator.transformBoundingBox(rectangle))
job = QgsMapRendererParallelJob(settings)
job.start()
job.waitForFinished()
image = job.renderedImage()
white = QColor("white").rgb()
found["tilesValid"] = tiles.isValid()
found["drawn"] = sum(1 for x in range(256) for y in range(256) if image.pixel(x, y) != white)
exec(lines)
print(json.dumps(found), flush=True)
# Its own tear-down crashes now and then after everything is said.
os._exit(0)
